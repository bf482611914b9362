Feature: Queries
  The basics of SOQL as users of the common clients write it every day.

  Background:
    Given an Account in the org:
      | Name | Industry   | AnnualRevenue |
      | Acme | Technology | 1000          |
      | Bolt | Banking    | 2000          |
      | Coil |            |               |
    And a Contact in the org:
      | FirstName | LastName | Email            | AccountId      |
      | Ada       | Lovelace | ada@example.com  | Account "Acme" |
      | Alan      | Turing   | alan@example.com | Account "Acme" |
      | Joan      | Clarke   | joan@example.com | Account "Bolt" |

  Scenario: Conditions, order and limit
    When this query is run:
      """
      SELECT Name, AnnualRevenue FROM Account WHERE AnnualRevenue > 500 ORDER BY AnnualRevenue DESC LIMIT 1
      """
    Then the query returns:
      | Name | AnnualRevenue |
      | Bolt | 2000          |

  Scenario: Text is compared without regard to case
    When this query is run:
      """
      select name from ACCOUNT where Industry = 'technology'
      """
    Then the query returns:
      | Name |
      | Acme |

  Scenario: Nothing is found with null
    When this query is run:
      """
      SELECT Name FROM Account WHERE Industry = null
      """
    Then the query returns:
      | Name |
      | Coil |

  Scenario: Over the relationship to the parent
    When this query is run:
      """
      SELECT LastName, Account.Name FROM Contact WHERE Account.Industry = 'Banking'
      """
    Then the query returns:
      | LastName | Account.Name |
      | Clarke   | Bolt         |

  Scenario: IN, LIKE and NOT
    When this query is run:
      """
      SELECT LastName FROM Contact WHERE LastName LIKE 'T%' OR (NOT Email LIKE 'a%') ORDER BY LastName
      """
    Then the query returns:
      | LastName |
      | Clarke   |
      | Turing   |

  Scenario: A semi-join
    When this query is run:
      """
      SELECT Name FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE LastName = 'Turing')
      """
    Then the query returns:
      | Name |
      | Acme |

  Scenario: Counting by group
    When this query is run:
      """
      SELECT Account.Name accountName, COUNT(Id) people FROM Contact GROUP BY Account.Name ORDER BY Account.Name
      """
    Then the query returns:
      | accountName | people |
      | Acme        | 2      |
      | Bolt        | 1      |

  Scenario: A date literal by the org's clock
    Given 2 days pass
    And an Account in the org:
      | Name |
      | Dyna |
    When this query is run:
      """
      SELECT Name FROM Account WHERE CreatedDate = TODAY
      """
    Then the query returns:
      | Name |
      | Dyna |

  Scenario Outline: What is wrong is refused: <why>
    When this query is refused with "<code>":
      """
      <query>
      """

    Examples:
      | why           | code            | query                      |
      | unknown field | INVALID_FIELD   | SELECT Colour FROM Account |
      | unknown table | INVALID_TYPE    | SELECT Id FROM Colours     |
      | no FROM       | MALFORMED_QUERY | SELECT Id                  |
