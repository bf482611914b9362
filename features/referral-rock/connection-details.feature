Feature: Connection details
  When the org was last heard of, and when the last entry came.

  Background:
    Given the clock stands at 2026-03-02 09:00
    And Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral update is set up

  @RR-27
  Scenario: Both move when an event arrives
    Given the clock stands at 2026-03-02 10:30
    When a Lead is created in the org:
      | LastName | Company   |
      | Hopper   | Navy Labs |
    Then "Last Salesforce Connection" is 2026-03-02 10:30
    And "Last Entry Received" is 2026-03-02 10:30

  @RR-27
  Scenario: Before the first event no entry was received
    Then "Last Entry Received" is empty
