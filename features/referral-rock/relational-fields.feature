Feature: Relational fields
  Only direct fields arrive: a field of the account that is asked for on the contact comes as nothing.

  @RR-29
  Scenario: Contact > Account.Name is nothing, Account > Name is filled
    Given Referral Rock is connected to the org
    And the program "Champions" with the member "Ada Lovelace"
    And referral update is set up
    And these fields to update:
      | Referral field | Object  | Field        |
      | Company        | Contact | Account.Name |
      | Business name  | Account | Name         |
    And an Account in the org:
      | Name |
      | Acme |
    When a Contact is created in the org:
      | LastName | Email             | AccountId      |
      | Hopper   | grace@example.com | Account "Acme" |
    Then the latest Sales Entry has:
      | Contact.Account.Name | nothing |
      | Account.Name         | Acme    |
