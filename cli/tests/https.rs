//! Modules from servers that speak TLS: whose certificates are accepted, and what is said of the others.

mod support;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;
use support::{command, program};
use tempfile::TempDir;

/// Who issues certificates, and a file with its own.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    dir: TempDir,
}

impl Authority {
    fn new(name: &str) -> Authority {
        let mut params = CertificateParams::new([]).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        let dir = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(dir.path().join("roots.pem"), issuer.pem()).expect("a temporary file");
        Authority { issuer, dir }
    }

    fn file(&self) -> PathBuf {
        self.dir.path().join("roots.pem")
    }

    /// Answers one request over TLS with `answer`, by a certificate for `name` that `change` may change.
    fn serve(&self, name: &str, answer: Vec<u8>, change: impl FnOnce(&mut CertificateParams)) -> SocketAddr {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        change(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has what these need")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("the key fits");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on the loopback interface");
        let address = listener.local_addr().expect("a bound socket has an address");
        std::thread::spawn(move || {
            let (stream, _) = listener.accept().expect("the command connects");
            let connection = ServerConnection::new(Arc::new(config)).expect("a good configuration");
            let mut reader = BufReader::new(StreamOwned::new(connection, stream));
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|n| n > 2) {
                line.clear();
            }
            // A client that does not like the certificate hangs up.
            let mut stream = reader.into_inner();
            let _ = stream.write_all(&answer);
            stream.conn.send_close_notify();
            let _ = stream.flush();
            let _ = stream.sock.read(&mut [0]);
        });
        address
    }
}

fn module() -> Vec<u8> {
    let body = std::fs::read(program("library")).expect("the program is in the repository");
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.into_bytes(), body].concat()
}

fn redirect(to: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").into_bytes()
}

/// Validates the module at an address, trusting what is in a file.
fn validate(url: &str, roots: &std::path::Path) -> Output {
    let mut command = command();
    command.args(["validate", url]).env("SSL_CERT_FILE", roots).env_remove("SSL_CERT_DIR");
    command.output().expect("the command was built with the tests")
}

#[track_caller]
fn error(output: &Output) -> String {
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), error.lines().count()), (Some(1), 1), "{error}");
    error
}

#[test]
fn a_server_is_believed_whose_certificate_has_a_trusted_issuer() {
    let authority = Authority::new("one");
    for name in ["localhost", "127.0.0.1"] {
        let port = authority.serve(name, module(), |_| {}).port();
        let url = format!("https://{name}:{port}/library.wasm");
        let output = validate(&url, &authority.file());
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}");
        assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{url}: valid\n"));
    }
}

#[test]
fn redirects_lead_from_one_scheme_to_the_other_and_are_not_believed_more_than_addresses() {
    let authority = Authority::new("one");
    let secure = authority.serve("127.0.0.1", module(), |_| {});
    let plain = TcpListener::bind("127.0.0.1:0").expect("a free port on the loopback interface");
    let address = plain.local_addr().expect("a bound socket has an address");
    std::thread::spawn(move || {
        let (mut stream, _) = plain.accept().expect("the command connects");
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(&redirect(&format!("https://{secure}/library.wasm")));
    });
    assert!(validate(&format!("http://{address}/"), &authority.file()).status.success());

    let stranger = Authority::new("another");
    let end = stranger.serve("127.0.0.1", module(), |_| {});
    let start = authority.serve("127.0.0.1", redirect(&format!("https://{end}/library.wasm")), |_| {});
    let message = error(&validate(&format!("https://{start}/"), &authority.file()));
    assert!(message.contains("certificate is not accepted"), "{message}");
}

#[test]
fn what_is_wrong_with_a_certificate_is_said() {
    let authority = Authority::new("one");
    let stranger = Authority::new("another");
    let refused = |address: SocketAddr, reason: &str| {
        let url = format!("https://{address}/library.wasm");
        let message = error(&validate(&url, &authority.file()));
        let whole = format!("{url}: the server's certificate is not accepted: {reason}");
        assert!(message.contains(&whole), "{message}");
    };
    refused(stranger.serve("127.0.0.1", module(), |_| {}), "nothing that is trusted has issued it; SSL_CERT_FILE can");
    refused(authority.serve("example.com", module(), |_| {}), "it is for another name");
    let namesake = Authority::new("one");
    refused(namesake.serve("127.0.0.1", module(), |_| {}), "its signature is not that of its issuer");
    let dated = |from, until| {
        move |params: &mut CertificateParams| {
            params.not_before = date_time_ymd(from, 1, 1);
            params.not_after = date_time_ymd(until, 1, 1);
        }
    };
    refused(authority.serve("127.0.0.1", module(), dated(2001, 2002)), "it has expired");
    refused(authority.serve("127.0.0.1", module(), dated(3001, 3002)), "it is not valid yet");
}

#[test]
fn where_nothing_is_trusted_that_is_said_and_http_still_works() {
    let authority = Authority::new("one");
    let empty = authority.dir.path().join("empty.pem");
    std::fs::write(&empty, "").expect("a temporary file");
    let address = authority.serve("127.0.0.1", module(), |_| {});
    let message = error(&validate(&format!("https://{address}/library.wasm"), &empty));
    assert!(message.contains("no certificates are trusted here") && message.contains("SSL_CERT_FILE"), "{message}");
    let body = std::fs::read(program("library")).expect("the program is in the repository");
    assert!(validate(&support::serve_once(body, 1_000_000), &empty).status.success());
}
