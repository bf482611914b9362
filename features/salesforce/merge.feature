Feature: Merging and the recycle bin
  One record remains of several, with all that belonged to any of them. What is deleted can be brought back.

  Scenario: The record that remains keeps its values, and gets the others' children
    Given a Contact in the org:
      | FirstName | LastName | Phone |
      | Grace     | Hopper   |       |
      | G.        | Hopper   | 555   |
    And a Task in the org:
      | Subject | WhoId                |
      | Call    | Contact "G. Hopper" |
    When the Contact "G. Hopper" is merged into "Grace Hopper" with:
      | Title | Admiral |
    Then the org has 1 Contact
    And the Contact "Grace Hopper" has:
      | Title | Admiral |
      | Phone | nothing |
    And the Task "Call" has:
      | Who.Name | Grace Hopper |

  Scenario: A subscriber hears of the loser's end and of the change of the one that remains
    Given a Lead in the org:
      | FirstName | LastName | Company |
      | Grace     | Hopper   | Navy    |
      | G.        | Hopper   | Navy    |
    And a push topic in the org:
      | Name            | Leads                        |
      | Query           | SELECT Id, Company FROM Lead |
      | NotifyForFields | All                          |
    And a subscriber to "Leads"
    When the Lead "G. Hopper" is merged into "Grace Hopper"
    Then the subscriber hears:
      | type    | Company |
      | deleted |         |
      | updated | Navy    |

  Scenario: A converted Lead cannot be merged
    Given a Lead in the org:
      | FirstName | LastName | Company |
      | Grace     | Hopper   | Navy    |
      | G.        | Hopper   | Navy    |
    And the Lead "G. Hopper" is converted
    When merging the Lead "G. Hopper" into "Grace Hopper" is refused with "CANNOT_UPDATE_CONVERTED_LEAD"
    Then the org has 2 Leads

  Scenario: What was deleted together comes back together
    Given an Account in the org:
      | Name |
      | Navy |
    And a Contact in the org:
      | LastName | AccountId      |
      | Hopper   | Account "Navy" |
    When the Account "Navy" is deleted in the org
    Then the org has 0 Contacts
    When the deleted Account "Navy" is brought back
    Then the Contact "Hopper" has:
      | Account.Name | Navy |
