Feature: Sessions
  A session lasts as long as the org allows, by the org's clock.

  Scenario: An hour of work keeps a session alive, a quiet night ends it
    Given the administrator is logged in
    When 1 hour passes
    Then the session is still valid
    When 24 hours pass
    Then the session has expired

  Scenario: A token that was revoked is refused
    Given the administrator is logged in
    When the administrator's token is revoked
    Then the session has expired
