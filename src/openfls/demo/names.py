"""Made-up people's names, streets and towns: none is taken from a record of a real person."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN_BORN_BEFORE_1960 = _words(
    """Margaret Mary Joan Patricia Jean Sheila Barbara Doreen June Shirley Dorothy Joyce Maureen Elizabeth Audrey
    Brenda Kathleen Sylvia Eileen Pamela Beryl Ann Marjorie Irene Betty Edith Hilda Vera Gladys Winifred Olive
    Rita Christine Janet Judith Valerie Gillian Marion Iris Norma Siobhán Bronwen Zofia Halina Surinder Gurpreet
    Amarjit Kamla Fatima Zainab Precious Beverley Carmen Yvonne Olwen Renée Ingrid Małgorzata Mei-Ling Nasreen
    Shanta Hyacinth Cynthia"""
)
MEN_BORN_BEFORE_1960 = _words(
    """John Ronald Kenneth Peter Brian Derek Dennis Raymond George William James Thomas Robert David Michael Alan
    Geoffrey Roy Frank Leslie Stanley Norman Donald Gordon Eric Arthur Harold Frederick Ernest Albert Cyril
    Keith Colin Trevor Malcolm Seán Dafydd Stanisław Zbigniew Mohammed Abdul Harbhajan Balwinder Rajesh Winston
    Clive Delroy Kofi José André Günther Wei Iqbal Tariq Emrys Neville Horace"""
)
YOUNGER_WOMEN = _words(
    """Sarah Emma Claire Nicola Rebecca Laura Gemma Chloe Amy Jessica Aisha Priya Agnieszka Chidinma Zoë Hannah
    Lucy Kelly Samantha Leanne Maryam Oluwaseun Ines Chantal"""
)
YOUNGER_MEN = _words(
    """Paul Mark Andrew Daniel Matthew Lee Ryan Liam Jack Adam Mohammed Imran Piotr Chukwudi Tomasz Kyle Craig
    Sunil Rhys Ciarán Mateusz Luis Ahmed Tyrone"""
)
FAMILY = _words(
    """Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts
    Green Hall Wood Jackson Clarke Harrison Turner Hill Cooper Ward Morris Moore Clark King Baker Lee Allen
    Scott Young Parker Cook Price Bennett Shaw Griffiths Carter Bailey Marshall Collins Foster Simpson Webb
    Rogers Gray Fox Russell Mills Palmer Lloyd Chapman Knight Butler Barnes Pearson Dixon Harvey Stevens
    Fletcher Gibson Fisher Hunt Holmes Mason Ellis Murray Ford Payne Lane Reid Hawkins Ryan Burton Gill Bishop
    Penrose Trelawney Ackroyd Butterworth Entwistle Ramsbottom Featherstone Cholmondeley O'Neill O'Brien
    O'Sullivan D'Souza McCarthy MacDonald Patel Singh Kaur Khan Hussain Begum Ali Ahmed Shah Chowdhury Rahman
    Sharma Nair Fernandes Okafor Adeyemi Mensah Boateng Campbell-Reid Bailey-Watson Smythe-Jones Clarke-Osei
    Kowalski Nowak Wójcik Szymański Błaszczyk Müller García Núñez Lefèvre Björk Nagy Horváth Chan Wong Chen
    Nguyễn Yilmaz Özdemir Petrov Ivanova Papadopoulos Rossi Cohen Levy Costa"""
)
TRANSLITERATED = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "ß": "ss"})

SHORT_FORMS = {
    "Margaret": "Maggie", "Patricia": "Pat", "Elizabeth": "Betty", "Barbara": "Barb", "Dorothy": "Dot",
    "William": "Bill", "Robert": "Bob", "Ronald": "Ron",
    "Kenneth": "Ken", "James": "Jim", "Michael": "Mick", "Frederick": "Fred",
    "Christine": "Chris", "Kathleen": "Kath", "Thomas": "Tom", "Geoffrey": "Geoff", "Winifred": "Winnie",
}  # fmt: skip

STREETS = _words(
    """Mill Church Station Chapel Orchard Windmill Priory Quarry Tannery Harbour Meadow Sycamore Larch Heron
    Kingfisher Victoria Albert Coronation Jubilee Weavers Ropewalk Saltmarsh"""
)
KINDS_OF_STREET = ("Lane", "Road", "Street", "Close", "Avenue", "Court", "Terrace")
CARE_HOMES = ("The Larches", "Priory House", "Meadowsweet Lodge", "Harbour View", "St Osyth's", "Willowmere Court")
