"""Latvian words in dictionary order (checked against CLDR `lv`), a list per point others get wrong."""

ALPHABET = list("abcčdefgģhiyjkķlļmnņopqrŗsštuvwxzž")

SURNAMES = """
Abele Ābele Āboliņa Aboltiņš Āboltiņš Balodis Bērziņa Bērziņa-Kalniņa Bērziņš Cielava Cīrulis Cukurs
Čakste Čudars Dārziņš Eglītis Ēķis Gailis Grīnbergs Ģēģere Ģīlis Holms Jansons Jānsons Jaunzems Kalniņš
Krūmiņš Ķemers Ķirsis Lācis Liepiņa Ļaudams Muižnieks Nagle Ņikitins Ozoliņš Ozols Rudzītis Saulīte Siliņš
Sproģis Šmits Šteinbergs Tauriņš Ūdris Upītis Vītols Zariņš Ziediņš Žagars Žīgurs
"""

PLACES = """
Aizkraukle Alūksne Auce Bauska Cēsis Cesvaine Daugavpils Dobele Gulbene Ikšķile Jēkabpils Jelgava Jūrmala
Ķegums Liepāja Līgatne Limbaži Ludza Madona Mazsalaca Ogre Preiļi Rēzekne Rīga Rūjiena Sabile Salaspils
Saldus Sigulda Smiltene Strenči Talsi Tukums Valka Valmiera Varakļāni Ventspils Viesīte Viļaka Viļāni
"""

# Marks decide only when the letters are the same, capitals only when the marks are too.
LEVELS = ["kaza", "Kaza", "kāza", "Kāza", "kazas", "kāzas", "Kazas iela", "ķaza"]
Y_AND_I = ["Iva", "Īva", "Yva", "Ivars", "Īvars", "Yvars", "Java"]
SIGNS = [" b", "_b", "-b", "(b)", "1. b", "10. b", "2. b", "b"]
