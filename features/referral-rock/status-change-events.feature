Feature: Referral status change events
  A value of a field in the org sets the status of the referral.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral update is set up
    And referrals are matched directly by:
      | Referral field | Object      | Field                        |
      | Referral ID    | Opportunity | Referral_Rock_Referral_Id__c |
    And Leads are matched back by:
      | Referral field | Field                        |
      | Referral ID    | Referral_Rock_Referral_Id__c |
    And these status change events:
      | Status    | Object      | Field     | Value               |
      | Qualified | Lead        | Status    | Working - Contacted |
      | Approved  | Opportunity | StageName | Closed Won          |
      | Denied    | Opportunity | StageName | Closed Lost         |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |

  @RR-14
  Scenario Outline: An Opportunity that reaches <stage>
    Given an Opportunity in the org:
      | Name         | StageName   | CloseDate  | Referral_Rock_Referral_Id__c |
      | Acme renewal | Prospecting | 2026-12-31 | referral "grace@example.com" |
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | <stage> |
    Then the referral "grace@example.com" is <status>

    Examples:
      | stage         | status   |
      | Closed Won    | Approved |
      | Closed Lost   | Denied   |
      | Qualification | Pending  |

  @RR-14
  Scenario: Each status has its own object, field and value
    Given a Lead in the org:
      | LastName | Company   | Status               | Referral_Rock_Referral_Id__c |
      | Hopper   | Navy Labs | Open - Not Contacted | referral "grace@example.com" |
    When the Lead "Hopper" is changed in the org:
      | Status | Working - Contacted |
    Then the referral "grace@example.com" is Qualified

  @RR-14
  Scenario: The same event a second time changes nothing
    Given an Opportunity in the org:
      | Name         | StageName   | CloseDate  | Referral_Rock_Referral_Id__c |
      | Acme renewal | Prospecting | 2026-12-31 | referral "grace@example.com" |
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    And the Opportunity "Acme renewal" is changed in the org:
      | Description | signed |
    Then the referral "grace@example.com" is Approved
