@survival
Feature: Survival
  Processes die, sessions are lost, answers do not arrive. Nothing is lost and nothing happens twice.

  Background:
    Given the clock stands at 2026-03-02 09:00
    And Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral add for "Champions" is set up:
      | Add referrals as | Lead |
    And referral update is set up
    And referrals are matched directly by:
      | Referral field | Object      | Field                        |
      | Referral ID    | Opportunity | Referral_Rock_Referral_Id__c |
    And these status change events:
      | Status   | Object      | Field     | Value      |
      | Approved | Opportunity | StageName | Closed Won |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    And an Opportunity in the org:
      | Name         | StageName   | CloseDate  | Referral_Rock_Referral_Id__c |
      | Acme renewal | Prospecting | 2026-12-31 | referral "grace@example.com" |

  @RR-13 @RR-14
  Scenario: The engine is killed after it received an event and before it stored it
    Given the engine will be killed before it stores the next event
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    Then the engine is dead
    When the engine is started again
    Then the referral "grace@example.com" is Approved
    And there is 1 "updated" Sales Entry for the Opportunity "Acme renewal"

  @RR-13 @RR-14
  Scenario: Events that come while the engine is down arrive when it is back
    Given the engine is killed
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    And the engine is started again
    Then the referral "grace@example.com" is Approved

  @RR-13 @RR-14
  Scenario: The streaming session is lost
    Given the org forgets all streaming sessions
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    Then the referral "grace@example.com" is Approved
    And there is 1 "updated" Sales Entry for the Opportunity "Acme renewal"

  @RR-13 @RR-14
  Scenario: The replay ID has expired, so the engine asks the org what changed
    Given the engine is killed
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    And 25 hours pass
    And the engine is started again
    Then the referral "grace@example.com" is Approved
    And there is 1 "updated" Sales Entry for the Opportunity "Acme renewal"

  @RR-06
  Scenario: A create whose answer never came makes no second Lead
    Given the answer to the next create of a Lead is lost
    When "Ada Lovelace" refers:
      | First name | Last name | Email            | Company |
      | Joan       | Clarke    | joan@example.com | Hut 8   |
    And 1 minute passes
    Then the org has 1 Lead where Email is "joan@example.com"
    And the referral "joan@example.com" is linked to the Lead "Joan Clarke"

  @RR-06
  Scenario: A create that the org refuses for the moment is tried again
    Given the next create of a Lead fails with "UNABLE_TO_LOCK_ROW"
    When "Ada Lovelace" refers:
      | First name | Last name | Email            | Company |
      | Joan       | Clarke    | joan@example.com | Hut 8   |
    And 5 minutes pass
    Then the org has 1 Lead where Email is "joan@example.com"

  @RR-01 @RR-06
  Scenario: The access token expires in the middle
    Given the engine's access token is no longer valid
    When "Ada Lovelace" refers:
      | First name | Last name | Email            | Company |
      | Joan       | Clarke    | joan@example.com | Hut 8   |
    And the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    Then the org has 1 Lead where Email is "joan@example.com"
    And the referral "grace@example.com" is Approved

  @RR-13 @RR-14
  Scenario: An event that is delivered twice changes nothing the second time
    When the Opportunity "Acme renewal" is changed in the org:
      | StageName | Closed Won |
    And the engine hears all events of the org again
    Then the referral "grace@example.com" is Approved
    And there is 1 "updated" Sales Entry for the Opportunity "Acme renewal"
