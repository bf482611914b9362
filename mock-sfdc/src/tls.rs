//! Certificates: an authority that lives as long as the process, and what it signs. Its key is never written down, so a
//! program that trusts it trusts nobody else by that, and nobody after this process has ended.

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    sync::{Arc, LazyLock},
    time::{Duration, SystemTime},
};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, KeyUsagePurpose, SanType,
};
use rustls::{ServerConfig, crypto::ring, pki_types::PrivatePkcs8KeyDer};

use crate::hosts;

/// Why there is no certificate.
#[derive(Debug, Clone, thiserror::Error)]
#[error("cannot make a certificate: {0}")]
pub struct TlsError(String);

impl From<rcgen::Error> for TlsError {
    fn from(error: rcgen::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<rustls::Error> for TlsError {
    fn from(error: rustls::Error) -> Self {
        Self(error.to_string())
    }
}

type Authority = CertifiedIssuer<'static, KeyPair>;

static AUTHORITY: LazyLock<Result<Authority, TlsError>> = LazyLock::new(|| {
    let mut params = params("mock-sfdc CA", Duration::from_hours(10 * 365 * 24));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(CertifiedIssuer::self_signed(params, KeyPair::generate()?)?)
});

fn authority() -> Result<&'static Authority, TlsError> {
    AUTHORITY.as_ref().map_err(Clone::clone)
}

/// The authority's certificate, for a client's trust store.
pub fn ca_pem() -> Result<String, TlsError> {
    Ok(authority()?.pem())
}

/// Serves this machine's names, those of Salesforce, and `others`, over the protocols that are named (`http/1.1`, `h2`).
pub fn server_config(others: &[String], protocols: &[&str]) -> Result<ServerConfig, TlsError> {
    let mut params = params("mock-sfdc", Duration::from_hours(397 * 24));
    params.subject_alt_names =
        vec![SanType::IpAddress(Ipv4Addr::LOCALHOST.into()), SanType::IpAddress(Ipv6Addr::LOCALHOST.into())];
    let names = ["localhost", "*.localhost"].into_iter().chain(hosts::NAMES.iter().copied());
    for name in names.chain(others.iter().map(String::as_str)) {
        params.subject_alt_names.push(match name.parse() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName(name.try_into()?),
        });
    }
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, authority()?)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
        )?;
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    Ok(config)
}

/// Valid from yesterday, for clients whose clock is late. By the machine's time: certificates are checked against that.
fn params(name: &str, lasts: Duration) -> CertificateParams {
    let day = Duration::from_hours(24);
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    // Strict verifiers (Python 3.13) want it everywhere.
    params.use_authority_key_identifier_extension = true;
    let now = SystemTime::now();
    params.not_before = (now - day).into();
    params.not_after = (now + lasts).into();
    params
}
