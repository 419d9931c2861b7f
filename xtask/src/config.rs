//! What the build needs to know of a configuration (`config.json`): the hosts that the app talks to. Owns the demo's own
//! configuration too. Whether a configuration is complete and right is judged by the app's parser alone.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// Login and Graph host of each cloud, by the name that `cloud` has in a configuration.
const CLOUDS: [(&str, &str, &str); 4] = [
    ("global", "https://login.microsoftonline.com", "https://graph.microsoft.com"),
    ("us-government", "https://login.microsoftonline.us", "https://graph.microsoft.us"),
    ("us-government-dod", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"),
    ("china", "https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn"),
];

/// Where file contents come from: Graph answers with addresses on these hosts, which carry their own right of access.
const FILE_HOSTS: [&str; 3] = ["https://*.sharepoint.com", "https://*.1drv.com", "https://my.microsoftpersonalcontent.com"];

/// The origins that the app may connect to.
#[derive(Debug)]
pub(crate) struct Hosts(Vec<String>);

impl Hosts {
    /// The hosts that a configuration file leads to; those of the worldwide cloud without one.
    pub(crate) fn from_file(path: Option<&Path>) -> Result<Self> {
        let Some(path) = path else { return Self::from_json("{}") };
        let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        Self::from_json(&text).with_context(|| path.display().to_string())
    }

    /// The hosts that a configuration leads to.
    pub(crate) fn from_json(text: &str) -> Result<Self> {
        let config: Value = serde_json::from_str(text).context("a configuration is JSON")?;
        if !config.is_object() {
            bail!("a configuration is a JSON object");
        }
        let cloud = string(&config, "cloud")?.unwrap_or("global");
        let (_, login, graph) = CLOUDS
            .iter()
            .find(|(name, ..)| *name == cloud)
            .with_context(|| format!("cloud: \"{cloud}\" is not known; there are {}", CLOUDS.map(|(name, ..)| name).join(", ")))?;
        let mut hosts = vec![
            origin("authority", string(&config, "authority")?.unwrap_or(login))?,
            origin("graphBaseUrl", string(&config, "graphBaseUrl")?.unwrap_or(graph))?,
        ];
        for member in ["graphHosts", "authorityHosts"] {
            for further in strings(&config, member)? {
                let url = if further.contains("://") { further.to_owned() } else { format!("https://{further}") };
                hosts.push(origin(member, &url)?);
            }
        }
        if strings(&config, "features")?.iter().any(|feature| feature.starts_with("files")) {
            hosts.extend(FILE_HOSTS.map(str::to_owned));
        }
        let mut seen = Vec::new();
        hosts.retain(|host| {
            !seen.contains(host) && {
                seen.push(host.clone());
                true
            }
        });
        Ok(Self(hosts))
    }

    /// The origins, each once, as a policy's source expressions.
    pub(crate) fn origins(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// The configuration of the demo: everything that the sandbox at `sandbox` (an origin without a slash at the end) answers.
pub(crate) fn demo(sandbox: &str) -> String {
    let config = json!({
        "clientId": "00000000-0000-0000-0000-00000000c0de",
        "authority": format!("{sandbox}/organizations"),
        "protocol": "entra",
        "graphBaseUrl": sandbox,
        "features": ["profile", "calendar-read", "calendar-write", "scheduling", "shared-calendars", "people", "users", "settings"],
    });
    format!("{config:#}\n")
}

fn string<'a>(config: &'a Value, name: &str) -> Result<Option<&'a str>> {
    match &config[name] {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        other => bail!("{name}: a string is wanted, not {other}"),
    }
}

fn strings<'a>(config: &'a Value, name: &str) -> Result<Vec<&'a str>> {
    match &config[name] {
        Value::Null => Ok(Vec::new()),
        Value::Array(values) => {
            values.iter().map(|value| value.as_str().with_context(|| format!("{name}: strings are wanted, not {value}"))).collect()
        }
        other => bail!("{name}: a list is wanted, not {other}"),
    }
}

/// `https://host[:port]` of an address. Nothing that could end a policy's directive or widen it gets through.
fn origin(name: &str, url: &str) -> Result<String> {
    let (scheme, rest) = url.split_once("://").with_context(|| format!("{name}: \"{url}\" is no address"))?;
    let host = rest.split('/').next().unwrap_or_default();
    let clean = !host.is_empty() && host.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-:[]".contains(letter));
    let name_only = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let loopback = matches!(name_only, "localhost" | "127.0.0.1" | "[::1]");
    if !clean || !(scheme == "https" || scheme == "http" && loopback) {
        bail!("{name}: \"{url}\" is no https address (http is for loopback alone)");
    }
    Ok(format!("{scheme}://{}", host.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use super::*;

    fn hosts(config: &str) -> Vec<String> {
        Hosts::from_json(config).unwrap().0
    }

    #[test]
    fn hosts_follow_cloud_addresses_and_features() {
        assert_eq!(hosts(r#"{"cloud":"china"}"#), ["https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn"]);
        assert_eq!(hosts(&demo("http://127.0.0.1:8081")), ["http://127.0.0.1:8081"]);
        let provider = r#"{"authority":"https://id.example","protocol":"oidc","authorityHosts":["token.example"]}"#;
        assert_eq!(hosts(provider), ["https://id.example", "https://graph.microsoft.com", "https://token.example"]);
        let files = hosts(r#"{"features":["profile","files"],"graphHosts":["graph.example.com"]}"#);
        assert!(
            files.contains(&"https://graph.example.com".to_owned()) && files.contains(&"https://*.sharepoint.com".to_owned()),
            "{files:?}"
        );
    }

    #[test]
    fn a_bad_value_is_named_and_never_widens_the_policy() {
        for (config, word) in [
            (r#"{"cloud":"mars"}"#, "cloud"),
            (r#"{"authority":"http://login.example.com/"}"#, "authority"),
            (r#"{"graphBaseUrl":"https://graph.example.com; script-src *"}"#, "graphBaseUrl"),
            (r#"{"graphBaseUrl":"https://*"}"#, "graphBaseUrl"),
            (r#"{"graphHosts":"graph.example.com"}"#, "graphHosts"),
            ("[]", "object"),
            ("{", "JSON"),
        ] {
            let error = format!("{:#}", Hosts::from_json(config).unwrap_err());
            assert!(error.contains(word), "{config}: {error}");
        }
    }
}
