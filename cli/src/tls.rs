//! HTTPS: which certificates are trusted, and what is wrong with one that is not.
//!
//! rustls speaks TLS, with ring's cryptography. Trusted is what the system trusts; `SSL_CERT_FILE` and `SSL_CERT_DIR`
//! name other certificates, as they do for OpenSSL.

use anyhow::{Error, anyhow};
use rustls::CertificateError;
use std::sync::Arc;
use ureq::tls::{RootCerts, TlsConfig};

/// Certificates are read when the first connection needs them.
pub fn config() -> TlsConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier);
    builder.unversioned_rustls_crypto_provider(provider).build()
}

/// Says in words what TLS complains about; other errors stay what they are.
pub fn explain(error: ureq::Error) -> Error {
    let cause = match &error {
        ureq::Error::Rustls(cause) => Some(cause),
        ureq::Error::Io(io) => io.get_ref().and_then(|cause| cause.downcast_ref()),
        _ => None,
    };
    match cause {
        Some(rustls::Error::InvalidCertificate(cause)) => {
            anyhow!("the server's certificate is not accepted: {}", fault(cause))
        }
        // The one reason of the verifier for not being made.
        Some(rustls::Error::General(cause)) if cause.contains("CA certificates") => {
            anyhow!("no certificates are trusted here, so none is accepted; {NAMING}")
        }
        Some(cause) => anyhow!("TLS failed: {cause}"),
        None => error.into(),
    }
}

const NAMING: &str = "SSL_CERT_FILE can name a file with those to trust";

fn fault(error: &CertificateError) -> String {
    match error {
        CertificateError::UnknownIssuer => format!("nothing that is trusted has issued it; {NAMING}"),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "it is not valid yet".to_owned(),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is for another name".to_owned()
        }
        CertificateError::Revoked => "it is revoked".to_owned(),
        CertificateError::BadSignature => "its signature is not that of its issuer".to_owned(),
        other => other.to_string(),
    }
}
