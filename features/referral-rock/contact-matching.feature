Feature: Contact matching
  Which contacts an event may be about: the record that triggered it, or the contacts of its account too.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral update is set up
    And these status change events:
      | Status   | Object      | Field     | Value      |
      | Approved | Opportunity | StageName | Closed Won |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    And an Account in the org:
      | Name |
      | Navy |
    And a Contact in the org:
      | LastName | Email              | AccountId      |
      | Hopper   | grace@example.com  | Account "Navy" |
      | Clarke   | clarke@example.com | Account "Navy" |

  @RR-20
  Scenario Outline: An opportunity of the account, with matching set to "<matching>"
    Given contact matching is "<matching>"
    When an Opportunity is created in the org:
      | Name    | StageName  | CloseDate  | AccountId      |
      | Renewal | Closed Won | 2026-03-31 | Account "Navy" |
    Then the referral "grace@example.com" is <status>
    And the latest Sales Entry has:
      | Match | <match> |

    Examples:
      | matching                          | status   | match          |
      | The triggering record only        | Pending  | nothing        |
      | The contacts of its account too   | Approved | contains email |

  @RR-20
  Scenario: The triggering record itself counts under both settings
    Given these status change events:
      | Status    | Object  | Field | Value   |
      | Qualified | Contact | Title | Admiral |
    And contact matching is "The triggering record only"
    When the Contact "Hopper" is changed in the org:
      | Title | Admiral |
    Then the referral "grace@example.com" is Qualified
