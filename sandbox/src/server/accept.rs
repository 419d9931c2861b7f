//! Connections: accepting, serving and ending them. Owns the socket; leaves requests to the router. It is not `axum::serve`, because a
//! fault may be a connection that ends without an answer, and because stopping must end idle connections too.

use std::{convert::Infallible, io, net::TcpListener, time::Duration};

use axum::{Router, body::Body, extract::Request, response::Response};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulConnection, GracefulShutdown},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::oneshot,
    task::JoinSet,
    time::{sleep, timeout},
};
use tower::ServiceExt;

use super::encryption::Encryption;

/// An answer with this extension is never sent: the connection ends in its stead.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Unanswered;

/// How long answers under way may take once the sandbox is told to stop.
const GRACE: Duration = Duration::from_secs(1);

/// Serves until `stopping` resolves, which it does too when its sender is dropped.
pub(crate) async fn serve(listener: TcpListener, router: Router, encryption: Encryption, mut stopping: oneshot::Receiver<()>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Small answers go out at once instead of waiting for more; where it fails they are merely late.
                    let _ = stream.set_nodelay(true);
                    let (router, encryption, watcher) = (router.clone(), encryption.clone(), graceful.watcher());
                    connections.spawn(async move {
                        let Some(stream) = encryption.accept(stream).await else { return };
                        // The peer may go away at any time; that is no concern of the server's.
                        let _ = watcher.watch(connection(stream, router)).await;
                    });
                }
                // Out of file descriptors, say: connections that end make room, so it is tried again and not given up.
                Err(_) => sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
            _ = &mut stopping => break,
        }
    }
    drop(listener);
    // Whoever is not done by then is cut off when `connections` is dropped.
    let _ = timeout(GRACE, graceful.shutdown()).await;
}

fn connection<Stream>(stream: Stream, router: Router) -> impl GracefulConnection<Error = hyper::Error>
where
    Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: hyper::Request<Incoming>| answer(router.clone(), request.map(Body::new)));
    http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service)
}

async fn answer(router: Router, request: Request) -> Result<Response, io::Error> {
    let response = router.oneshot(request).await.unwrap_or_else(|never: Infallible| match never {});
    if response.extensions().get::<Unanswered>().is_some() {
        return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "a fault rule ends this connection without an answer"));
    }
    Ok(response)
}
