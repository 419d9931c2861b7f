//! The program: reads its settings from the environment, listens, ends at Ctrl-C.

#![expect(clippy::print_stdout, reason = "the address is what whoever starts it waits for")]

use anyhow::{Context, Result};
use token_broker::{Settings, app};
use tokio::{net::TcpListener, signal};

#[tokio::main]
async fn main() -> Result<()> {
    let mut settings = Settings::from_environment(|name| std::env::var(name).ok())?;
    let listener =
        TcpListener::bind(&settings.listen).await.with_context(|| format!("BROKER_LISTEN: cannot listen on {}", settings.listen))?;
    // With port 0 the system chooses; the page's origin is then known only now.
    settings.settle_port(listener.local_addr()?.port());
    println!("Token broker: {}", settings.origin);
    axum::serve(listener, app(settings)?).with_graceful_shutdown(async { drop(signal::ctrl_c().await) }).await?;
    Ok(())
}
