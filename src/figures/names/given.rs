//! Given names that occur in news, in the spelling of German papers. Those that
//! are common nouns, months or places as well (August, Rose, Paris) are left
//! out: a name must vouch for the word behind it.

use std::collections::HashSet;
use std::sync::LazyLock;

/// More of them; `tools/given_names.py` makes it.
const LISTED: &str = include_str!("given.txt");

static ALL: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let listed = LISTED.lines().filter(|line| !line.starts_with('#'));
    listed.chain(GIVEN.iter().copied()).collect()
});

/// Whether a word is a given name.
pub fn is_given_name(word: &str) -> bool {
    ALL.contains(word)
}

/// Sorted by bytes.
#[rustfmt::skip]
const GIVEN: &[&str] = &[
    "Abdullah", "Achim", "Adam", "Adelheid", "Adrian", "Ahmed", "Alain", "Albert", "Alejandro",
    "Aleksandar", "Aleksander", "Alex", "Alexander", "Alexandra", "Alexei", "Alexej", "Alfons",
    "Alfred", "Ali", "Alice", "Alina", "Alison", "Alois", "Amanda", "Amy", "Ana", "Anatoli",
    "Andre", "Andrea", "Andreas", "Andrej", "Andrew", "Andrzej", "André", "Angela", "Angelika",
    "Angelina", "Anita", "Anja", "Anke", "Ann", "Anna", "Annalena", "Anne", "Annegret", "Annette",
    "Annika", "Anthony", "Anton", "Antonio", "Antony", "António", "Arne", "Arno", "Arnold",
    "Arthur", "Astrid", "Axel", "Barack", "Barbara", "Bastian", "Beate", "Beatrix", "Ben",
    "Benedikt", "Benjamin", "Bernard", "Bernd", "Bernhard", "Bernie", "Bert", "Bettina", "Birgit",
    "Bob", "Bodo", "Boris", "Brad", "Brian", "Brigitte", "Britta", "Bruce", "Bruno", "Burkhard",
    "Bärbel", "Camilla", "Carla", "Carlo", "Carlos", "Carmen", "Carola", "Caroline", "Carsten",
    "Cem", "Charles", "Charlotte", "Chris", "Christa", "Christiane", "Christina",
    "Christine", "Christoph", "Christopher", "Clara", "Claudia", "Claus", "Clemens", "Cornelia",
    "Cristiano", "Dagmar", "Daniel", "Daniela", "David", "Denis", "Dennis", "Detlef", "Diana",
    "Didier", "Dieter", "Dietmar", "Dietrich", "Dirk", "Dmitri", "Dmitrij", "Dominik", "Donald",
    "Doris", "Dorothea", "Dorothee", "Eberhard", "Eckart", "Eckhard", "Edgar", "Edmund", "Eduard",
    "Edward", "Egon", "Elena", "Elisabeth", "Elizabeth", "Elke", "Ellen", "Elmar", "Elon", "Elton",
    "Emil", "Emily", "Emma", "Emmanuel", "Enrico", "Eric", "Erich", "Erik", "Erika", "Erwin",
    "Esther", "Eugen", "Eva", "Fabian", "Fatih", "Federico", "Felix", "Ferdinand", "Fernando",
    "Florian", "Franz", "Franziska", "François", "Frauke", "Friedhelm", "Friedrich", "Fritz",
    "Gabi", "Gabriele", "Gareth", "Gavin", "Geert", "Georg", "George", "Gerald", "Gerd", "Gerda",
    "Gerhard", "Gert", "Gesine", "Giorgia", "Giovanni", "Gisela", "Giuseppe", "Gottfried",
    "Gregor", "Greta", "Gudrun", "Guido", "Guillermo", "Gundula", "Gunnar", "Gustav", "Günter",
    "Günther", "Hannah", "Hannelore", "Hannes", "Hans", "Harald", "Hartmut", "Hassan", "Hedwig",
    "Heidi", "Heike", "Heiko", "Heiner", "Heinrich", "Heinz", "Helen", "Helena", "Helene", "Helga",
    "Helge", "Helmut", "Henning", "Henri", "Henry", "Herbert", "Hermann", "Hilary", "Hilde",
    "Hillary", "Holger", "Horst", "Hubert", "Hubertus", "Hugo", "Ian", "Ignazio", "Igor", "Ilse",
    "Ines", "Ingo", "Ingrid", "Irene", "Isabel", "Isabelle", "Iwan", "Jacob", "Jacques",
    "Jakob", "James", "Jan", "Jana", "Jane", "Janet", "Jean", "Jennifer", "Jens", "Jeremy",
    "Jerome", "Jessica", "Jim", "Joachim", "Joe", "Joel", "Johann", "Johanna", "Johannes", "John",
    "Johnny", "Jonas", "Jonathan", "Josef", "Joseph", "José", "João", "Juan", "Judith", "Julia",
    "Julian", "Juliane", "Julius", "Justin", "Jutta", "Jörg", "Jörn", "Jürgen", "Kamala", "Karen",
    "Karin", "Karl", "Karla", "Karsten", "Katarina", "Kate", "Katharina", "Kathrin", "Katja",
    "Katrin", "Keir", "Kerstin", "Kevin", "Kirsten", "Klara", "Klaus", "Konrad", "Konstantin",
    "Kristina", "Kurt", "Larry", "Lars", "Laura", "Lena", "Leo", "Leon", "Leonardo", "Leonhard",
    "Lewis", "Liam", "Linda", "Lionel", "Lisa", "Lothar", "Lucas", "Ludwig", "Luigi", "Luis",
    "Luise", "Luiz", "Lukas", "Lutz", "Lydia", "Madeleine", "Magdalena", "Maik", "Malte",
    "Manfred", "Manuel", "Manuela", "Marc", "Marcel", "Marco", "Marcus", "Maren", "Margaret",
    "Margarete", "Margot", "Maria", "Marie", "Marina", "Mario", "Marion", "Markus", "Marlene",
    "Martha", "Martin", "Martina", "Mateusz", "Mathias", "Mats", "Matteo", "Matthew", "Matthias",
    "Maximilian", "Mehmet", "Melania", "Melanie", "Michael", "Michaela", "Michail", "Michel",
    "Michelle", "Miguel", "Mike", "Mirjam", "Mohamed", "Mohammad", "Mohammed", "Monica", "Monika",
    "Moritz", "Nadine", "Nancy", "Natalie", "Nathalie", "Nicola", "Nicolas", "Nicole", "Niklas",
    "Nikolai", "Nikolaus", "Nils", "Nina", "Norbert", "Norman", "Olaf", "Oleg", "Olena", "Olga",
    "Oliver", "Oskar", "Otto", "Pablo", "Patricia", "Patrick", "Patrik", "Paul", "Paula", "Pedro",
    "Pep", "Peter", "Petra", "Philip", "Philipp", "Philippe", "Pierre", "Piotr", "Rafael",
    "Rainer", "Ralf", "Ralph", "Ramona", "Raphael", "Raúl", "Rebecca", "Recep", "Regina", "Regine",
    "Reinhard", "Reinhold", "Renate", "René", "Ricarda", "Ricardo", "Richard", "Rishi",
    "Robert", "Roberto", "Robin", "Rodrigo", "Roger", "Roland", "Rolf", "Ronald", "Ronny",
    "Rosemarie", "Rudi", "Rudolf", "Rupert", "Ruth", "Sabine", "Salman", "Sandra", "Sara", "Sarah",
    "Saskia", "Sebastian", "Sergei", "Sergej", "Sergio", "Siegfried", "Sigmar", "Silke", "Silvia",
    "Silvio", "Simon", "Simone", "Sophia", "Sophie", "Stefan", "Stefanie", "Steffen",
    "Steffi", "Stephan", "Stephanie", "Stephen", "Steve", "Steven", "Susan", "Susanne", "Sven",
    "Svenja", "Sylvia", "Tanja", "Tarek", "Tatjana", "Theo", "Theodor", "Theresa", "Thilo",
    "Thomas", "Thorsten", "Til", "Tim", "Timo", "Tino", "Tobias", "Todd", "Tom", "Tony", "Torsten",
    "Udo", "Ulf", "Uli", "Ulla", "Ulrich", "Ulrike", "Ursula", "Ute", "Uwe", "Valentina",
    "Valeria", "Vanessa", "Vera", "Verena", "Veronika", "Viktor", "Viktoria", "Viktorija",
    "Vincent", "Vitali", "Volker", "Volodymyr", "Waldemar", "Walter", "Werner", "Wilfried",
    "Wilhelm", "William", "Winfried", "Winston", "Witali", "Wladimir", "Wolfgang", "Wolodymyr",
    "Xavier", "Yannick", "Yvonne", "Zeynep",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(GIVEN.is_sorted_by(|one, other| one < other));
        assert!(is_given_name("Angela"));
        assert!(!is_given_name("August"));
    }
}
