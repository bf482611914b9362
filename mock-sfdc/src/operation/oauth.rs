//! OAuth: grants, tokens, who somebody is, and the pages of a browser on its way through.

use crate::api::{not_emulated as refused, oauth};

use super::row::operations;

operations! {
    /// Whatever the grant.
    pub const ROWS: OAuth = {
    "oauth.authorize"             Any    "/services/oauth2/authorize"                           Public  now oauth::authorize::authorize, ["*"];
    "oauth.token"                 Any    "/services/oauth2/token"                               Public  now oauth::token::token, ["*"];
    "oauth.revoke.get"            Get    "/services/oauth2/revoke"                              Public  now oauth::revoke::revoke, ["*"];
    "oauth.revoke"                Post   "/services/oauth2/revoke"                              Public  now oauth::revoke::revoke, ["*"];
    "oauth.introspect"            Any    "/services/oauth2/introspect"                          Public  now oauth::introspect::introspect, ["*"];
    "oauth.userinfo"              Get    "/services/oauth2/userinfo"                            Public  now oauth::userinfo::userinfo, ["*"];
    "oauth.userinfo.post"         Post   "/services/oauth2/userinfo"                            Public  now oauth::userinfo::userinfo, ["*"];
    "oauth.identity"              Get    "/id/{organization}/{user}"                            Public  now oauth::identity::identity, ["*"];
    "oauth.identity.post"         Post   "/id/{organization}/{user}"                            Public  now oauth::identity::identity, ["*"];
    "oauth.configuration"         Get    "/.well-known/openid-configuration"                    Public  now oauth::configuration::configuration, [];
    "oauth.login_page"            Get    "/login"                                               Public  now oauth::login::show, ["startURL", "un"];
    "oauth.login"                 Post   "/login"                                               Public  now oauth::login::submit, [];
    "oauth.consent"               Post   "/setup/secur/RemoteAccessAuthorizationPage.apexp"     Public  now oauth::authorize::decide, [];
    "oauth.success"               Get    "/services/oauth2/success"                             Public  now oauth::authorize::success, [];
    "oauth.connect"               Get    "/setup/connect"                                       Public  now oauth::device::connect, ["user_code"];
    "oauth.connect.post"          Post   "/setup/connect"                                       Public  now oauth::device::connect, [];
    "oauth.singleaccess"          Get    "/services/oauth2/singleaccess"                        Public  now oauth::front_door::single_access, ["*"];
    "oauth.singleaccess.post"     Post   "/services/oauth2/singleaccess"                        Public  now oauth::front_door::single_access, ["*"];
    "oauth.frontdoor"             Get    "/secur/frontdoor.jsp"                                 Public  now oauth::front_door::enter, ["*"];
    "oauth.frontdoor.post"        Post   "/secur/frontdoor.jsp"                                 Public  now oauth::front_door::enter, ["*"];
    "ui.lightning"                Get    "/lightning/{*rest}"                                   Public  now refused, ["*"];
    "oauth.logout"                Get    "/secur/logout.jsp"                                    Public  now oauth::front_door::leave, ["*"];
    "oauth.keys"                  Get    "/id/keys"                                             Public  now oauth::id_token::keys, [];
    "oauth.more"                  Any    "/services/oauth2/{*rest}"                             Public  now refused, ["*"];
    }
}
