Feature: Related object fields
  An event about one object may ask for a field of another. The product's document has a table for it: the object itself,
  one that exists at most once, or one of many, which counts only when there is exactly one.

  Background:
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral update is set up

  # The rows are numbered as in the product's document, which prints rows 8 and 9 a second time.
  @RR-30
  Scenario Outline: Row <row>: <trigger> looks for <object>, <count> related
    Given these fields to update:
      | Referral field | Object   | Field   |
      | Found          | <object> | <field> |
    And a <trigger> "Hopper" with <count> related <object>
    When the <trigger> "Hopper" is changed in the org:
      | Description | Something new |
    Then the latest Sales Entry has:
      | Trigger          | <trigger> |
      | <object>.<field> | <value>   |

    Examples: The same object
      | row | trigger     | object      | field    | count | value  |
      | 1   | Lead        | Lead        | LastName | 0     | Hopper |
      | 1   | Lead        | Lead        | LastName | 1     | Hopper |
      | 1   | Lead        | Lead        | LastName | 2     | Hopper |
      | 2   | Contact     | Contact     | LastName | 0     | Hopper |
      | 2   | Contact     | Contact     | LastName | 1     | Hopper |
      | 2   | Contact     | Contact     | LastName | 2     | Hopper |
      | 6   | Account     | Account     | Name     | 0     | Hopper |
      | 6   | Account     | Account     | Name     | 1     | Hopper |
      | 6   | Account     | Account     | Name     | 2     | Hopper |
      | 8   | Account     | Account     | Name     | 1     | Hopper |
      | 12  | Opportunity | Opportunity | Name     | 0     | Hopper |
      | 12  | Opportunity | Opportunity | Name     | 1     | Hopper |
      | 12  | Opportunity | Opportunity | Name     | 2     | Hopper |

    Examples: One to one: there is never a second
      | row | trigger     | object  | field | count | value     |
      | 3   | Contact     | Account | Name  | 0     | nothing   |
      | 3   | Contact     | Account | Name  | 1     | Related 1 |
      | 11  | Opportunity | Account | Name  | 0     | nothing   |
      | 11  | Opportunity | Account | Name  | 1     | Related 1 |

    Examples: One to many
      | row | trigger     | object      | field    | count | value     |
      | 4   | Contact     | Opportunity | Name     | 0     | nothing   |
      | 4   | Contact     | Opportunity | Name     | 1     | Related 1 |
      | 4   | Contact     | Opportunity | Name     | 2     | nothing   |
      | 5   | Account     | Contact     | LastName | 0     | nothing   |
      | 5   | Account     | Contact     | LastName | 1     | Related 1 |
      | 5   | Account     | Contact     | LastName | 2     | nothing   |
      | 7   | Account     | Opportunity | Name     | 0     | nothing   |
      | 7   | Account     | Opportunity | Name     | 1     | Related 1 |
      | 7   | Account     | Opportunity | Name     | 2     | nothing   |
      | 9   | Account     | Opportunity | Name     | 1     | Related 1 |
      | 10  | Opportunity | Contact     | LastName | 0     | nothing   |
      | 10  | Opportunity | Contact     | LastName | 1     | Related 1 |
      | 10  | Opportunity | Contact     | LastName | 2     | nothing   |
