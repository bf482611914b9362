Feature: Leads
  Creating, changing, finding and deleting a Lead, and what the org fills in by itself.

  Background:
    Given the clock stands at 2026-03-02 09:00

  Scenario: The org fills in what nobody sent
    When a Lead is created in the org:
      | FirstName | LastName | Company |
      | Grace     | Hopper   | Navy    |
    Then the Lead "Grace Hopper" has:
      | Name        | Grace Hopper                 |
      | Status      | Open - Not Contacted         |
      | IsConverted | false                        |
      | CreatedDate | 2026-03-02T09:00:00.000+0000 |

  Scenario: A change moves the time of the last change and leaves the creation alone
    Given a Lead in the org:
      | FirstName | LastName | Company |
      | Grace     | Hopper   | Navy    |
    When 5 minutes pass
    And the Lead "Grace Hopper" is changed in the org:
      | Title | Admiral |
    Then the Lead "Grace Hopper" has:
      | Title            | Admiral                      |
      | CreatedDate      | 2026-03-02T09:00:00.000+0000 |
      | LastModifiedDate | 2026-03-02T09:05:00.000+0000 |

  Scenario: A deleted Lead is not found any more
    Given a Lead in the org:
      | LastName | Company |
      | Hopper   | Navy    |
    When the Lead "Hopper" is deleted in the org
    Then the org has 0 Leads
