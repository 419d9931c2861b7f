//! Plain connections or TLS. Owns the certificate, which is made at the start and trusted by nobody; leaves connections to `accept`.
//! MSAL.js takes no authority without https, and an https page may call nothing else.

use tokio::net::TcpStream;

#[cfg(feature = "tls")]
pub(crate) use with_tls::Encryption;
#[cfg(not(feature = "tls"))]
pub(crate) use without_tls::Encryption;

#[cfg(not(feature = "tls"))]
mod without_tls {
    use super::TcpStream;

    /// None: the library was built without TLS.
    #[derive(Debug, Clone)]
    pub(crate) struct Encryption;

    impl Encryption {
        pub(crate) fn new(tls: bool, _host: &str) -> Result<Self, String> {
            if tls { Err("the sandbox was built without TLS; build it with the feature `tls`".to_owned()) } else { Ok(Self) }
        }

        #[expect(clippy::unused_async, reason = "its twin has a handshake to wait for")]
        pub(crate) async fn accept(&self, stream: TcpStream) -> Option<TcpStream> {
            Some(stream)
        }
    }
}

#[cfg(feature = "tls")]
mod with_tls {
    use std::sync::Arc;

    use tokio::io::{AsyncRead, AsyncWrite};
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer},
    };

    use super::TcpStream;

    /// A connection of either kind.
    pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

    impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

    /// Nothing, or TLS.
    #[derive(Clone)]
    pub(crate) struct Encryption(Option<TlsAcceptor>);

    impl Encryption {
        /// Makes a certificate for this host, and for `localhost`.
        pub(crate) fn new(tls: bool, host: &str) -> Result<Self, String> {
            if !tls {
                return Ok(Self(None));
            }
            let made = rcgen::generate_simple_self_signed([host.to_owned(), "localhost".to_owned()]).map_err(|error| error.to_string())?;
            let key = PrivateKeyDer::try_from(made.signing_key.serialize_der())?;
            let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
                .with_safe_default_protocol_versions()
                .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key))
                .map_err(|error| error.to_string())?;
            Ok(Self(Some(TlsAcceptor::from(Arc::new(config)))))
        }

        /// `None`: the client did not get through the handshake, for want of trust as a rule.
        pub(crate) async fn accept(&self, stream: TcpStream) -> Option<Box<dyn Stream>> {
            match &self.0 {
                None => Some(Box::new(stream)),
                Some(acceptor) => acceptor.accept(stream).await.ok().map(|stream| Box::new(stream) as Box<dyn Stream>),
            }
        }
    }
}
