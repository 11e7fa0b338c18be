"""What each finding says, why it matters and what to do: English, and the key under which other languages have it."""

import msgspec


class Explained(msgspec.Struct, frozen=True):
    """`sentence` says what is wrong, with the facts in braces; `reason` why anybody minds; `remedy` what to do. All in English."""

    sentence: str
    reason: str
    remedy: str


NO_ADDRESS = Explained(
    "Nobody is written to.",
    "A mail without a recipient cannot leave.",
    "Write an address into To.",
)

EXPLAINED: dict[str, Explained] = {
    "unresolved_field": Explained(
        "The field {fact} is not filled in.",
        "A merge field that nobody could fill would stand in the mail as it stands here.",
        "Write what belongs there, or take the field out.",
    ),
    "no_recipient": NO_ADDRESS,
    "bad_address": Explained(
        "{fact} is no address.",
        "The mail server would refuse it, and the mail would reach nobody or not everybody.",
        "Correct the address; it looks like name@company.example.",
    ),
    "to_ourselves": Explained(
        "It goes to nobody but ourselves.",
        "All recipients are addresses of the team; the customer would hear nothing.",
        "Put the customer's address into To.",
    ),
    "empty_subject": Explained(
        "The subject is empty.",
        "A mail without a subject is taken for junk, and is found by nobody later.",
        "Write a subject.",
    ),
    "subject_changed": Explained(
        "The subject is an answer, but not to “{fact}”.",
        "Many mail programs show it apart from the conversation that it answers.",
        "Put the old subject back, or take away Re: if it is about something new.",
    ),
    "empty_body": Explained(
        "There is no text of your own.",
        "Only a quotation, a signature or nothing at all would be sent.",
        "Write the answer.",
    ),
    "said_before": Explained(
        "This customer was sent much the same within the last day.",
        "A customer who is answered twice wonders who is right.",
        "Look into the other conversation before this one leaves.",
    ),
    "attachment_missing": Explained(
        "“{fact}” speaks of an attachment, but nothing is attached.",
        "The customer would have to write again to get it.",
        "Attach the file, or say it without the attachment.",
    ),
    "attachment_gone": Explained(
        "{fact} cannot be read.",
        "The file was moved or deleted since it was attached, or may not be read.",
        "Attach it anew, or take it out.",
    ),
    "attachments_too_large": Explained(
        "The attachments have {fact} MB; at most {second} MB can be sent.",
        "Most mail servers refuse more, some of them only after minutes.",
        "Take something out, or send a link.",
    ),
    "attachment_executable": Explained(
        "{fact} is a program.",
        "Nearly every mail server throws away mail with programs, or with files that pretend to be none.",
        "Send a link, or another kind of file.",
    ),
    "attachment_dangerous": Explained(
        "{fact} can hold macros or code.",
        "Many companies keep back such files, and customers were taught not to open them.",
        "Send it as PDF or without macros if you can; else announce it.",
    ),
    "attachment_empty": Explained(
        "{fact} is empty.",
        "A file of no length is mostly one that was not saved.",
        "Save it and attach it anew.",
    ),
    "other_customer": Explained(
        "The mail addresses {fact}, who has no part in this conversation.",
        "This is the name of another customer; a mail to the wrong one is an incident.",
        "Write this customer's name, or put the name in front of the address in To if they are called so.",
    ),
    "other_name": Explained(
        "{fact} has no part in this conversation.",
        "It is the name of another customer or their company; one customer should not hear of another.",
        "Take the name out unless this customer may know of it.",
    ),
    "honorific_missing": Explained(
        "There is no 様 behind {fact}.",
        "A customer's name without an honorific is rude in Japanese.",
        "Write 様 (御中 for a company) behind the name.",
    ),
    "honorific_doubled": Explained(
        "“{fact}” is one honorific too many.",
        "Two honorifics in a row are a mistake that customers notice.",
        "Keep one: 様 for a person, 御中 for a company.",
    ),
    "company_honorific": Explained(
        "“{fact}”: 御中 is for companies, 様 for people.",
        "An addressee with the wrong honorific looks careless.",
        "Write 御中 behind a company or department, 様 behind a person.",
    ),
    "wrong_weekday": Explained(
        "{fact}: this day is a {second}.",
        "The customer does not know whether the date or the weekday is meant.",
        "Look it up and correct one of them; a date that is only cited goes into 「」 or quotation marks.",
    ),
    "impossible_date": Explained(
        "{fact}: there is no such day.",
        "The customer does not know which day is meant.",
        "Write the right date; one that is only cited goes into 「」 or quotation marks.",
    ),
    "template_remnant": Explained(
        "“{fact}” is left over from a template.",
        "The customer would see that the text was not written for them.",
        "Write what belongs there, or take it out; what is meant as an example goes into 「」 or quotation marks.",
    ),
    "new_address": Explained(
        "{fact} was never written to and never wrote to us.",
        "A slip of the pen in an address sends the mail to a stranger.",
        "Read the address once more.",
    ),
    "reply_all_surprise": Explained(
        "In copy are people of several companies or a mailing list: {fact}.",
        "Everybody in To and Cc reads this answer, and each other's addresses.",
        "Leave in Cc only who should read it.",
    ),
    "visible_to_others": Explained(
        "{fact} people of {second} companies would see each other's addresses.",
        "Customers' addresses shown to other customers are a leak of personal data.",
        "Write to each alone, or put them into Bcc and yourselves into To.",
    ),
    "hidden_copy": Explained(
        "{fact} reads it without the customer knowing.",
        "Whoever is in Bcc and answers all is seen by the customer.",
        "Forward the mail to them afterwards instead.",
    ),
    "forbidden_word": Explained(
        "The house does not write “{fact}”.",
        "It is on the house's list of words that no mail may have.",
        "Write it in another way; the leaders keep the list (mado words list).",
    ),
    "careless_word": Explained(
        "The house avoids “{fact}”.",
        "It is on the house's list of words to think about.",
        "Write it in another way if you can; the leaders keep the list (mado words list).",
    ),
    "other_language": Explained(
        "The text is in {fact}, the customer writes {second}.",
        "The customer may not be able to read it.",
        "Write in the customer's language, or say first that you cannot.",
    ),
    "charset_cannot_hold": Explained(
        "The charset of this mail cannot hold {fact}.",
        "The letters would arrive as question marks.",
        "Write them in another way, or send the mail in UTF-8.",
    ),
}
"""By code; a test counts them against the table of checks."""
