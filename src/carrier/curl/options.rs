//! What `curl` is told on its command line.

use std::borrow::Cow;

use super::lexer::{PieceKind, Word};
use crate::text::Span;

/// A call of `curl`, as it is written.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option that is given or not")]
pub(super) struct Call<'w> {
    /// `--request`
    pub(super) method: Option<Argument<'w>>,
    pub(super) urls: Vec<Argument<'w>>,
    pub(super) data: Vec<Data<'w>>,
    pub(super) headers: Vec<Argument<'w>>,
    /// `--get`: data goes into the URL.
    pub(super) get: bool,
    pub(super) head: bool,
    /// A form or a file is sent.
    pub(super) form: bool,
    pub(super) upload: bool,
    /// Whether there is something that may be any option.
    pub(super) unknown: bool,
}

/// Something to send.
#[derive(Debug)]
pub(super) struct Data<'w> {
    /// Where it is asked for: `-d`.
    pub(super) option: Span,
    pub(super) argument: Argument<'w>,
    /// Whether it goes on with the data before it, and not as another field of a form.
    pub(super) is_json: bool,
    /// Whether a file is meant by `@`.
    pub(super) may_be_file: bool,
    /// Whether it is not sent as it is.
    pub(super) encoded: bool,
}

/// A word of the command line, or the end of one.
pub(super) type Argument<'w> = Cow<'w, Word>;

/// Options of one letter that take a value.
const SHORT_WITH_VALUE: &[u8] = b"AbcCdDeEFhHKmoPQrtTuUwxXyYz";

/// Options that take a value, but for those that are read here.
const LONG_WITH_VALUE: &[&str] = &[
    "abstract-unix-socket",
    "alt-svc",
    "aws-sigv4",
    "cacert",
    "capath",
    "cert",
    "cert-type",
    "ciphers",
    "config",
    "connect-timeout",
    "connect-to",
    "continue-at",
    "cookie",
    "cookie-jar",
    "create-file-mode",
    "crlfile",
    "curves",
    "delegation",
    "dns-interface",
    "dns-ipv4-addr",
    "dns-ipv6-addr",
    "dns-servers",
    "doh-url",
    "dump-header",
    "ech",
    "egd-file",
    "engine",
    "etag-compare",
    "etag-save",
    "expect100-timeout",
    "ftp-account",
    "ftp-alternative-to-user",
    "ftp-method",
    "ftp-port",
    "ftp-ssl-ccc-mode",
    "happy-eyeballs-timeout-ms",
    "haproxy-clientip",
    "hostpubmd5",
    "hostpubsha256",
    "hsts",
    "interface",
    "ip-tos",
    "ipfs-gateway",
    "keepalive-cnt",
    "keepalive-time",
    "key",
    "key-type",
    "krb",
    "libcurl",
    "limit-rate",
    "local-port",
    "login-options",
    "mail-auth",
    "mail-from",
    "mail-rcpt",
    "max-filesize",
    "max-redirs",
    "max-time",
    "netrc-file",
    "noproxy",
    "oauth2-bearer",
    "output",
    "output-dir",
    "parallel-max",
    "pass",
    "pinnedpubkey",
    "preproxy",
    "proto",
    "proto-default",
    "proto-redir",
    "proxy",
    "proxy-cacert",
    "proxy-capath",
    "proxy-cert",
    "proxy-cert-type",
    "proxy-ciphers",
    "proxy-crlfile",
    "proxy-header",
    "proxy-key",
    "proxy-key-type",
    "proxy-pass",
    "proxy-pinnedpubkey",
    "proxy-service-name",
    "proxy-tls13-ciphers",
    "proxy-tlsauthtype",
    "proxy-tlspassword",
    "proxy-tlsuser",
    "proxy-user",
    "proxy1.0",
    "pubkey",
    "quote",
    "random-file",
    "range",
    "rate",
    "referer",
    "request-target",
    "resolve",
    "retry",
    "retry-delay",
    "retry-max-time",
    "sasl-authzid",
    "service-name",
    "socks4",
    "socks4a",
    "socks5",
    "socks5-gssapi-service",
    "socks5-hostname",
    "speed-limit",
    "speed-time",
    "stderr",
    "telnet-option",
    "tftp-blksize",
    "time-cond",
    "tls-max",
    "tls13-ciphers",
    "tlsauthtype",
    "tlspassword",
    "tlsuser",
    "trace",
    "trace-ascii",
    "trace-config",
    "unix-socket",
    "url-query",
    "user",
    "user-agent",
    "variable",
    "vlan-priority",
    "write-out",
];

/// Reads the words after `curl`: one call, or several that `--next` parts. `may_be_options` says whether
/// a word may be any number of words once the shell has filled it in.
pub(super) fn calls<'w>(
    words: &'w [Word],
    text: &str,
    may_be_options: impl Fn(&Word) -> bool,
) -> Vec<Call<'w>> {
    let mut calls = Vec::new();
    let mut call = Call::default();
    let mut words = words.iter();
    let mut only_urls = false;
    while let Some(word) = words.next() {
        let start = leading(word, text);
        if only_urls || !start.starts_with('-') || start == "-" && word.pieces.len() == 1 {
            if !only_urls && may_be_options(word) {
                call.unknown = true;
            } else {
                call.urls.push(Cow::Borrowed(word));
            }
            continue;
        }
        match start.strip_prefix("--") {
            Some("") if word.pieces.len() == 1 => only_urls = true,
            Some("next") => calls.push(std::mem::take(&mut call)),
            Some(long) => {
                let name = long.split('=').next().unwrap_or_default();
                let option = beginning(word, name.len() + 2);
                let value = || {
                    if name.len() < long.len() {
                        Some(Cow::Owned(after(word, name.len() + 3)))
                    } else {
                        words.next().map(Cow::Borrowed)
                    }
                };
                call.long(name, option, value);
            }
            None => call.short(word, start, &mut words),
        }
    }
    calls.push(call);
    calls
}

impl<'w> Call<'w> {
    fn long(&mut self, name: &str, option: Span, value: impl FnOnce() -> Option<Argument<'w>>) {
        // Its value is a template.
        let name = name.strip_prefix("expand-").unwrap_or(name);
        match name {
            "request" => self.method = value(),
            "url" => self.urls.extend(value()),
            "header" => self.headers.extend(value()),
            "data" | "data-ascii" | "data-binary" | "data-raw" | "data-urlencode" | "json" => {
                self.data.extend(value().map(|argument| Data {
                    option,
                    argument,
                    is_json: name == "json",
                    may_be_file: name != "data-raw",
                    encoded: name == "data-urlencode",
                }));
            }
            "form" | "form-string" => self.form |= value().is_some(),
            "upload-file" => self.upload |= value().is_some(),
            "get" => self.get = true,
            "head" => self.head = true,
            "config" => self.unknown |= value().is_some(),
            _ if LONG_WITH_VALUE.contains(&name) => drop(value()),
            _ => {}
        }
    }

    /// Reads `-sSX PATCH` and the like.
    fn short(&mut self, word: &'w Word, start: &str, words: &mut std::slice::Iter<'w, Word>) {
        for (at, letter) in start.bytes().enumerate().skip(1) {
            if !SHORT_WITH_VALUE.contains(&letter) {
                match letter {
                    b'G' => self.get = true,
                    b'I' => self.head = true,
                    _ => {}
                }
                continue;
            }
            let rest = after(word, at + 1);
            let value = if rest.pieces.is_empty() && start.len() == at + 1 {
                words.next().map(Cow::Borrowed)
            } else {
                Some(Cow::Owned(rest))
            };
            match letter {
                b'X' => self.method = value,
                b'H' => self.headers.extend(value),
                b'd' => self.data.extend(value.map(|argument| Data {
                    option: beginning(word, at + 1),
                    argument,
                    is_json: false,
                    may_be_file: true,
                    encoded: false,
                })),
                b'F' => self.form = true,
                b'T' => self.upload = true,
                b'K' => self.unknown = true,
                _ => {}
            }
            return;
        }
    }
}

/// What a word begins with, as far as it is written out in one way.
pub(super) fn leading<'t>(word: &Word, text: &'t str) -> &'t str {
    match word.pieces.first() {
        Some(piece) if piece.kind == PieceKind::Literal => piece.range.slice(text),
        _ => "",
    }
}

/// Where the first bytes of a word stand.
fn beginning(word: &Word, bytes: usize) -> Span {
    let first = word.pieces.first().map_or(word.range, |piece| piece.range);
    let end = first.start.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX));
    Span::new(first.start, end.min(first.end))
}

/// A word without the first bytes of its first part.
pub(super) fn after(word: &Word, bytes: usize) -> Word {
    let mut word = word.clone();
    let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
    if let Some(first) = word.pieces.first_mut() {
        let start = first.range.start.saturating_add(bytes).min(first.range.end);
        first.range = Span::new(start, first.range.end);
        word.range = Span::new(start, word.range.end.max(start));
        if first.range.is_empty() {
            word.pieces.remove(0);
        }
    }
    word
}
