Feature: Lead conversion
  A Lead becomes an Account, a Contact and, if wanted, an Opportunity, all at once. From then on it is only read.

  Background:
    Given the clock stands at 2026-03-02 09:00
    And a Lead in the org:
      | FirstName | LastName | Company | Email             | City    | LeadSource |
      | Grace     | Hopper   | Navy    | grace@example.com | Norfolk | Web        |

  Scenario: Everything new
    When the Lead "Grace Hopper" is converted
    Then the Account "Navy" has:
      | BillingCity | Norfolk |
    And the Contact "Grace Hopper" has:
      | Account.Name | Navy              |
      | Email        | grace@example.com |
      | MailingCity  | Norfolk           |
    And the Opportunity "Navy" has:
      | StageName  | Prospecting |
      | CloseDate  | 2026-03-31  |
      | LeadSource | Web         |
    And the org has 1 OpportunityContactRole
    And the Lead "Grace Hopper" has:
      | Status                | Closed - Converted |
      | IsConverted           | true               |
      | ConvertedDate         | 2026-03-02         |
      | ConvertedAccount.Name | Navy               |

  Scenario: To an Account that is there, without an Opportunity
    Given an Account in the org:
      | Name     | BillingCity |
      | The Navy | Arlington   |
    When the Lead "Grace Hopper" is converted with:
      | accountId              | Account "The Navy" |
      | doNotCreateOpportunity | true               |
    Then the Contact "Grace Hopper" has:
      | Account.Name | The Navy |
    And the Account "The Navy" has:
      | BillingCity | Arlington |
    And the org has 0 Opportunity

  Scenario: A converted Lead is only read
    Given the Lead "Grace Hopper" is converted
    When changing the Lead "Grace Hopper" in the org is refused with "CANNOT_UPDATE_CONVERTED_LEAD":
      | Title | Admiral |
    Then the refusal says "cannot reference converted lead"
    When converting the Lead "Grace Hopper" is refused with "CANNOT_UPDATE_CONVERTED_LEAD"

  Scenario: Not every status means converted
    When converting the Lead "Grace Hopper" is refused with "INVALID_STATUS":
      | convertedStatus | Working - Contacted |
    Then the refusal says "invalid convertedStatus: Working - Contacted"
    And the org has 0 Contacts

  Scenario: A queue cannot own what a Lead becomes
    Given the queue "Inbound" for Leads in the org
    And the Lead "Grace Hopper" is changed in the org:
      | OwnerId | Queue "Inbound" |
    When converting the Lead "Grace Hopper" is refused with "UNKNOWN_EXCEPTION"
    Then the refusal says "Converted objects can only be owned by users."
