//! The pages that a person sees: log in, allow access, something is wrong. Plain forms, no scripts; ids and names of the
//! inputs are Salesforce's, so that browser automation written for it finds them.

use http::StatusCode;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use mock_sfdc_org::access::Scopes;

use super::error;
use crate::reply::Reply;

const STYLE: &str = "
:root { color-scheme: light dark; --back: #f3f3f3; --card: #fff; --text: #181818; --weak: #5c5c5c; --line: #c9c9c9; --blue: #0b5cab; --red: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --back: #16181d; --card: #22252c; --text: #ececec; --weak: #a9adb5; --line: #454a54; --blue: #4c9be8; --red: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 24rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
body.popup main { border: 0; } body.touch { font-size: 18px; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 1rem; }
p { margin: 0 0 1rem; } .weak { color: var(--weak); font-size: .875em; }
.wrong { color: var(--red); } code { overflow-wrap: anywhere; }
label { display: block; margin-bottom: 1rem; font-size: .875em; }
input[type=text], input[type=password] { display: block; width: 100%; margin-top: .25rem; padding: .6rem .75rem; font: inherit; font-size: 1rem; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .4rem; }
input:focus-visible, button:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
button { width: 100%; padding: .65rem; font: inherit; border-radius: .4rem; border: 1px solid var(--blue); background: var(--blue); color: var(--card); cursor: pointer; }
button.quiet { background: transparent; color: var(--blue); }
.row { display: flex; gap: .75rem; margin-top: 1.5rem; } ul { margin: 0 0 1rem; padding-left: 1.25rem; }
footer { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
";

/// How much room the page has: `display` of the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    Page,
    Popup,
    Touch,
}

impl Display {
    /// `mobile` is the older name of `touch`.
    #[must_use]
    pub fn read(text: Option<&str>) -> Option<Self> {
        match text.unwrap_or("page") {
            "page" => Some(Self::Page),
            "popup" => Some(Self::Popup),
            "touch" | "mobile" => Some(Self::Touch),
            _ => None,
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Popup => "popup",
            Self::Touch => "touch",
        }
    }
}

fn layout(status: StatusCode, title: &str, display: Display, org: &str, content: &Markup) -> Reply {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body class=(display.class()) {
                main {
                    (content)
                    footer class="weak" { "mock-sfdc: a fake Salesforce" @if !org.is_empty() { ", org " b { (org) } } }
                }
            }
        }
    };
    error::private(Reply::html(status, page.into_string()))
}

/// The login page. `start_url` is where it goes on.
#[must_use]
pub fn log_in(display: Display, org: &str, username: &str, start_url: &str, wrong: Option<&str>) -> Reply {
    let content = html! {
        h1 { "Log in" }
        @if let Some(wrong) = wrong { p #error .wrong role="alert" { (wrong) } }
        form #login_form method="post" action="/login" {
            input type="hidden" name="startURL" value=(start_url);
            label { "Username"
                input #username type="text" name="username" value=(username) autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus[username.is_empty()];
            }
            label { "Password"
                input #password type="password" name="pw" autocomplete="current-password" required autofocus[!username.is_empty()];
            }
            button #Login type="submit" name="Login" value="Log In" { "Log In" }
        }
    };
    layout(StatusCode::OK, "Log in", display, org, &content)
}

/// What the consent page tells.
#[derive(Debug)]
pub struct Consent<'a> {
    pub display: Display,
    pub org: &'a str,
    pub app: &'a str,
    pub username: &'a str,
    pub scopes: Scopes,
    /// Where the answer goes.
    pub action: &'a str,
    /// What is being consented to, as a hidden input.
    pub hidden: (&'a str, &'a str),
}

/// The consent page.
#[must_use]
pub fn consent(asked: &Consent<'_>) -> Reply {
    let content = html! {
        h1 { "Allow access?" }
        p { b { (asked.app) } " asks to:" }
        ul { @for (name, words) in asked.scopes.iter() { li title=(name) { (words) } } }
        p .weak { "You are logged in as " b { (asked.username) } ". You can take this back later by revoking the token." }
        form #editPage method="post" action=(asked.action) {
            input type="hidden" name=(asked.hidden.0) value=(asked.hidden.1);
            div .row {
                button #oadeny .quiet type="submit" name="cancel" value="Deny" { "Deny" }
                button #oaapprove type="submit" name="save" value="Allow" { "Allow" }
            }
        }
    };
    layout(StatusCode::OK, "Allow access?", asked.display, asked.org, &content)
}

/// A refusal that must not be redirected: nobody knows whether the address is the app's.
#[must_use]
pub fn refusal(refusal: &error::Refusal) -> Reply {
    let text = format!("error={}&error_description={}", refusal.error, error::percent(&refusal.description));
    let content = html! {
        h1 { "We can't authorize you because of an OAuth error." }
        p { "For more information, contact your Salesforce administrator." }
        p .wrong { (refusal.description) }
        p { code { (text) } }
    };
    layout(refusal.status, "OAuth error", Display::Page, "", &content)
}

/// Where a person enters the code that a device shows.
#[must_use]
pub fn enter_code(org: &str, wrong: Option<&str>) -> Reply {
    let content = html! {
        h1 { "Connect a device" }
        @if let Some(wrong) = wrong { p #error .wrong role="alert" { (wrong) } }
        form #connect_form method="post" action="/setup/connect" {
            label { "Code"
                input #user_code type="text" name="user_code" autocomplete="off" autocapitalize="characters" spellcheck="false" required autofocus;
            }
            button type="submit" { "Connect" }
        }
    };
    layout(StatusCode::OK, "Connect a device", Display::Page, org, &content)
}

/// A few words and nothing to do.
#[must_use]
pub fn said(title: &str, words: &str) -> Reply {
    let content = html! {
        h1 { (title) }
        p { (words) }
    };
    layout(StatusCode::OK, title, Display::Page, "", &content)
}

/// Logged in, and nowhere to go.
#[must_use]
pub fn home(org: &str, username: &str) -> Reply {
    let content = html! {
        h1 { "You are logged in" }
        p { "as " b { (username) } "." }
        p .weak { "There is no user interface behind this page." }
    };
    layout(StatusCode::OK, "Logged in", Display::Page, org, &content)
}
