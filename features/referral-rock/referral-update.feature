Feature: Referral update
  Referral Rock listens to the org through push topics; every event becomes a Sales Entry.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And an Account in the org:
      | Name |
      | Acme |

  @RR-13
  Scenario: Setting it up creates the push topics
    When referral update is set up
    And this query is run:
      """
      SELECT Name FROM PushTopic ORDER BY Name
      """
    Then the query returns 4 rows
    And each of these push topics exists and is active:
      | Object      |
      | Account     |
      | Contact     |
      | Lead        |
      | Opportunity |

  @RR-13
  Scenario: Setting it up twice creates nothing twice
    When referral update is set up
    And referral update is set up
    Then the org has 4 PushTopics

  @RR-13
  Scenario Outline: A new <object> makes a Sales Entry
    Given referral update is set up
    When a <object> is created in the org:
      | <field> | <more field> | <date field> |
      | Hopper  | <more>       | <date>       |
    Then there is 1 Sales Entry
    And the latest Sales Entry has:
      | Trigger | <object> |
      | Event   | created  |

    Examples:
      | object      | field    | more field | more          | date field | date       |
      | Lead        | LastName | Company    | Acme          | Phone      | 555-0100   |
      | Contact     | LastName | Email      | h@example.com | Phone      | 555-0100   |
      | Account     | Name     | Phone      | 555-0100      | Site       | North      |
      | Opportunity | Name     | StageName  | Prospecting   | CloseDate  | 2026-12-31 |

  @RR-13
  Scenario Outline: A changed <object> makes a Sales Entry
    Given a <object> in the org:
      | <field> | <more field> | <date field> |
      | Hopper  | <more>       | <date>       |
    And referral update is set up
    When the <object> "Hopper" is changed in the org:
      | Description | Something new |
    Then there is 1 Sales Entry
    And the latest Sales Entry has:
      | Trigger | <object> |
      | Event   | updated  |

    Examples:
      | object      | field    | more field | more          | date field | date       |
      | Lead        | LastName | Company    | Acme          | Phone      | 555-0100   |
      | Contact     | LastName | Email      | h@example.com | Phone      | 555-0100   |
      | Account     | Name     | Phone      | 555-0100      | Site       | North      |
      | Opportunity | Name     | StageName  | Prospecting   | CloseDate  | 2026-12-31 |

  @RR-13
  Scenario: A Lead that Referral Rock has just written itself is recognised
    Given referral add for "Champions" is set up:
      | Add referrals as | Lead |
    And referral update is set up
    When "Ada Lovelace" refers:
      | First name | Last name | Email             | Company   |
      | Grace      | Hopper    | grace@example.com | Navy Labs |
    Then the org has 1 Lead
    And there is 1 Sales Entry
    And the latest Sales Entry has:
      | Trigger | Lead |
      | Echo    | yes  |
    And there is 1 referral
