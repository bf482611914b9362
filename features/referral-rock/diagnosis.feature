Feature: Diagnosis
  The document's table of troubles: each question is asked of the org, and the answer names the cause.

  @RR-28
  Scenario: An API version below 22 is named
    Given Referral Rock uses API version "v21.0"
    When an administrator connects Referral Rock to the org
    Then the diagnosis finds fault with "API version": "version 21.0; version 22.0 or greater is required"

  @RR-28
  Scenario: A Streaming API that is turned off is named
    Given the org's Streaming API is turned off
    And Referral Rock is connected to the org
    And referral update is set up
    Then the diagnosis finds fault with "Streaming API": "403"
    And the diagnosis finds nothing wrong with "API version"

  @RR-28
  Scenario: Where both are right nothing is found
    Given Referral Rock is connected to the org
    And referral update is set up
    Then the diagnosis finds nothing wrong with "API version"
    And the diagnosis finds nothing wrong with "Streaming API"
    And the diagnosis finds nothing wrong with "Push topics"

  @RR-31
  Scenario: A field under Shield encryption is not synced, and its mapping is flagged
    Given the org's Lead has the field Secret__c under Shield encryption
    And Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral update is set up
    And these status change events:
      | Status    | Object | Field  | Value               |
      | Qualified | Lead   | Status | Working - Contacted |
    And these fields to update:
      | Referral field | Object | Field     |
      | Note           | Lead   | Secret__c |
      | Company        | Lead   | Company   |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    When a Lead is created in the org:
      | LastName | Company  | Email             | Status              | Secret__c |
      | Hopper   | New Navy | grace@example.com | Working - Contacted | hush      |
    Then the referral "grace@example.com" is Qualified
    And the referral "grace@example.com" has:
      | Note    | nothing  |
      | Company | New Navy |
    And the latest Sales Entry has:
      | Lead.Secret__c | nothing |
    And the diagnosis finds fault with "Mapped fields of Lead": "encrypted: Secret__c"
