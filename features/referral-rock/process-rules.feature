Feature: Process rules
  Which matches are processed by themselves, and which wait in Review for a person.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral update is set up
    And Leads are matched back by:
      | Referral field | Field                        |
      | Referral ID    | Referral_Rock_Referral_Id__c |
    And these status change events:
      | Status    | Object | Field  | Value               |
      | Qualified | Lead   | Status | Working - Contacted |
    And "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |

  @RR-21
  Scenario Outline: Direct matches, with the rule <rule>
    Given these process rules:
      | Process direct matches | <rule> |
    When a Lead is created in the org:
      | LastName | Company | Status              | Referral_Rock_Referral_Id__c |
      | Hopper   | Other   | Working - Contacted | referral "grace@example.com" |
    Then the referral "grace@example.com" is <status>
    And the latest Sales Entry has:
      | Match | contains Referral_Rock_Referral_Id__c |
      | State | <state>                               |

    Examples:
      | rule | status    | state     |
      | on   | Qualified | Processed |
      | off  | Pending   | Review    |

  @RR-22
  Scenario Outline: Fuzzy matches, with the rule <rule>
    Given these process rules:
      | Process fuzzy matches | <rule> |
    When a Lead is created in the org:
      | LastName | Company | Email             | Status              |
      | Hopper   | Other   | Grace@Example.com | Working - Contacted |
    Then the referral "grace@example.com" is <status>
    And the latest Sales Entry has:
      | State | <state> |

    Examples:
      | rule | status    | state     |
      | on   | Qualified | Processed |
      | off  | Pending   | Review    |

  @RR-23
  Scenario: What matches nobody waits in Review
    When a Lead is created in the org:
      | LastName | Company | Email              | Status              |
      | Nobody   | Nowhere | nobody@example.com | Working - Contacted |
    Then there is 1 Sales Entry
    And the latest Sales Entry has:
      | Match | nothing |
      | State | Review  |
    And the referral "grace@example.com" is Pending

  @RR-24
  Scenario Outline: A denied referral that an event would make <target>
    Given overriding denied referrals is on
    And these process rules:
      | Review denied referrals | <rule> |
    And these status change events:
      | Status   | Object | Field  | Value               |
      | <target> | Lead   | Status | Working - Contacted |
    And the referral "grace@example.com" is set to Denied
    When a Lead is created in the org:
      | LastName | Company | Status              | Referral_Rock_Referral_Id__c |
      | Hopper   | Other   | Working - Contacted | referral "grace@example.com" |
    Then the referral "grace@example.com" is <status>
    And the latest Sales Entry has:
      | State | <state> |

    Examples:
      | target    | rule | status    | state     |
      | Qualified | on   | Denied    | Review    |
      | Approved  | on   | Denied    | Review    |
      | Qualified | off  | Qualified | Processed |
      | Approved  | off  | Approved  | Processed |

  @RR-25
  Scenario Outline: Telling of an entry that goes to Review, with the rule <rule>
    Given these process rules:
      | Notify on review | <rule> |
    When a Lead is created in the org:
      | LastName | Company | Email              | Status              |
      | Nobody   | Nowhere | nobody@example.com | Working - Contacted |
    Then the latest Sales Entry has:
      | State | Review |
    And there are <many> notifications

    Examples:
      | rule | many |
      | on   | 1    |
      | off  | 0    |

  @RR-25
  Scenario: What is processed by itself is told to nobody, and a second look at an entry tells nothing anew
    Given these process rules:
      | Notify on review | on |
    When a Lead is created in the org:
      | LastName | Company | Email             | Status              |
      | Hopper   | Other   | grace@example.com | Working - Contacted |
    Then there are 0 notifications
    When a Lead is created in the org:
      | LastName | Company | Email              | Status              |
      | Nobody   | Nowhere | nobody@example.com | Working - Contacted |
    Then there is 1 notification
    And the latest notification says "needs a review"
    When the latest Sales Entry is retried
    Then there is 1 notification
