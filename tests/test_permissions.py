"""Who may do what: one table, and every cell of it asked over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from channels.models import Channel
from organisations.models import Organisation, User
from tests import (  # noqa: F401 - the modules register their verbs
    factories,
    people,
    verbs_board,
    verbs_carrying,
    verbs_chasing,
    verbs_corrections,
    verbs_desk,
    verbs_events,
    verbs_evidence,
    verbs_ingest,
    verbs_library,
    verbs_organisations,
    verbs_plans,
    verbs_progress,
    verbs_reporting,
    verbs_review,
    verbs_royalties,
    verbs_scoring,
    verbs_slots,
    verbs_timing,
    verbs_urgent,
    verbs_variants,
)
from tests.verbs import VERBS, Actor, may

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

MATRIX = """
verb                                reporter editor approver planner officer administrator anonymous
open the admin                      yes      yes    yes      yes     yes     yes           -
add an article                      yes      yes    yes      -       -       yes           -
import an article                   yes      yes    yes      -       -       yes           -
edit own draft                      yes      yes    yes      -       -       yes           -
edit another's draft                -        yes    yes      -       -       yes           -
edit own live article               yes      yes    yes      -       -       yes           -
submit own draft                    yes      yes    yes      -       -       yes           -
create and publish                  -        -      -        -       -       -             -
delete own draft                    yes      yes    yes      -       -       yes           -
delete another's draft              -        yes    yes      -       -       yes           -
delete a live article               -        -      -        -       -       -             -
add a section                       -        yes    yes      -       -       yes           -
see deliveries of own               yes      yes    yes      -       -       yes           -
see deliveries of another's         -        yes    yes      -       -       yes           -
act on a delivery                   -        -      yes      -       -       yes           -
read the deliveries report          -        yes    yes      -       -       yes           -
export the deliveries report        -        yes    yes      -       -       yes           -
look at the delivery board          -        yes    yes      -       -       yes           -
refresh the delivery board          -        yes    yes      -       -       yes           -
download the delivery board         -        yes    yes      -       -       yes           -
look at the alarms                  -        yes    yes      -       -       yes           -
change the alarms' settings         -        -      -        -       -       yes           -
look at the archive                 -        yes    yes      -       -       yes           -
take the archive away               -        yes    yes      -       -       yes           -
look at an archived delivery        -        yes    yes      -       -       yes           -
change how long deliveries stay     -        -      -        -       -       yes           -
look at one delivery                -        yes    yes      -       -       yes           -
send ticked deliveries again        -        -      yes      -       -       yes           -
let one go in quiet hours           -        -      yes      -       -       yes           -
note an officer's answer            -        -      yes      -       -       yes           -
set how officers are called         -        -      -        -       -       yes           -
list the channels                   -        yes    yes      -       -       yes           -
look at a channel                   -        yes    yes      -       -       yes           -
add a channel                       -        -      -        -       -       yes           -
edit a channel                      -        -      -        -       -       yes           -
read a channel's history            -        -      -        -       -       yes           -
switch a channel off                -        -      -        -       -       yes           -
switch a channel on                 -        -      -        -       -       yes           -
start a channel again               -        -      -        -       -       yes           -
retire a channel                    -        -      -        -       -       yes           -
bring a channel back                -        -      -        -       -       yes           -
cancel what waits for a channel     -        -      -        -       -       yes           -
send a test message                 -        -      -        -       -       yes           -
check a channel                     -        -      -        -       -       yes           -
delete a channel                    -        -      -        -       -       yes           -
list the plans                      yes      yes    yes      yes     yes     yes           -
look at a plan                      yes      yes    yes      yes     yes     yes           -
choose an activity                  yes      yes    yes      yes     yes     yes           -
download a plan                     yes      yes    yes      yes     yes     yes           -
check a document                    yes      yes    yes      yes     yes     yes           -
add a plan                          -        -      -        yes     -       yes           -
edit a plan                         -        -      -        yes     -       yes           -
publish a plan                      -        -      -        yes     -       yes           -
import a plan                       -        -      -        yes     -       yes           -
ask how far an import is            -        -      -        yes     -       yes           -
derive next year's plan             -        -      -        yes     -       yes           -
close a plan's notes                -        -      -        yes     -       yes           -
delete a plan                       -        -      -        yes     -       yes           -
open an amendment                   -        -      -        yes     -       yes           -
look at an amendment                -        -      yes      yes     -       yes           -
change a row in an amendment        -        -      -        yes     -       yes           -
drop an amendment                   -        -      -        yes     -       yes           -
issue another's amendment           -        -      yes      yes     -       yes           -
issue what they amended             -        -      -        -       -       -             -
compare versions of a plan          yes      yes    yes      yes     yes     yes           -
withdraw a plan                     -        -      -        yes     -       yes           -
take back a withdrawal              -        -      -        yes     -       yes           -
list the legal bases                -        yes    yes      yes     yes     yes           -
add a legal basis                   -        -      -        yes     -       yes           -
edit a legal basis                  -        -      -        yes     -       yes           -
delete a legal basis                -        -      -        yes     -       yes           -
edit an activity                    -        -      -        yes     -       yes           -
move an activity                    -        -      -        yes     -       yes           -
list an activity's slots            -        yes    yes      yes     yes     yes           -
look at own slot                    -        yes    yes      yes     yes     yes           -
look at another's slot              -        yes    yes      yes     -       yes           -
choose a slot                       yes      yes    yes      yes     yes     yes           -
bring evidence for own slot         -        -      -        yes     yes     yes           -
bring evidence for another's slot   -        -      -        yes     -       yes           -
extend own slot                     -        -      -        yes     yes     yes           -
extend another's slot               -        -      -        yes     -       yes           -
give up own slot                    -        -      -        yes     yes     yes           -
give up another's slot              -        -      -        yes     -       yes           -
take own slot up again              -        -      -        yes     yes     yes           -
take another's slot up again        -        -      -        yes     -       yes           -
withdraw evidence of own            -        -      -        yes     yes     yes           -
withdraw evidence of another's      -        -      -        yes     -       yes           -
place evidence                      -        -      -        yes     -       yes           -
see what slots would change         -        -      -        yes     -       yes           -
work out the slots                  -        -      -        yes     -       yes           -
look at the slots                   yes      yes    yes      yes     yes     yes           -
look at the slots' calendar         yes      yes    yes      yes     yes     yes           -
look at the slots' timeline         yes      yes    yes      yes     yes     yes           -
look at the slots' completion       yes      yes    yes      yes     yes     yes           -
look at a plan's progress           yes      yes    yes      yes     yes     yes           -
see own agency's slots              yes      yes    yes      yes     yes     yes           -
see another agency's slots          yes      yes    yes      yes     -       yes           -
write for a slot                    yes      yes    yes      -       -       yes           -
read own agency's evidence          -        yes    yes      yes     yes     yes           -
read another agency's evidence      -        yes    yes      yes     -       yes           -
ask for evidence as a folder        -        -      -        yes     yes     yes           -
take evidence as a folder           -        -      -        yes     yes     yes           -
look at the calendar addresses      yes      yes    yes      yes     yes     yes           -
make a calendar address             yes      yes    yes      yes     yes     yes           -
move slots in the calendar          -        -      -        yes     -       yes           -
undo a move                         -        -      -        yes     -       yes           -
look at who owes what               -        -      -        yes     -       yes           -
look at the reminders sent          -        -      -        yes     -       yes           -
read a reminder                     -        -      -        yes     -       yes           -
send a reminder again               -        -      -        yes     -       yes           -
set when to remind                  -        -      -        yes     -       yes           -
list the office days                -        -      -        yes     -       yes           -
enter an office day                 -        -      -        yes     -       yes           -
set a plan's reminders              -        -      -        yes     -       yes           -
pause a slot's reminders            -        -      -        yes     -       yes           -
pause an agency's reminders         -        -      -        yes     -       yes           -
end a pause                         -        -      -        yes     -       yes           -
make a letter of urging             -        -      -        yes     -       yes           -
look at a letter of urging          -        -      -        yes     -       yes           -
word a letter of urging             -        -      -        yes     -       yes           -
take an agency off a letter         -        -      -        yes     -       yes           -
download a letter of urging         -        -      -        yes     -       yes           -
issue a letter of urging            -        -      -        yes     -       yes           -
delete a letter of urging           -        -      -        yes     -       yes           -
list the organisations              -        yes    yes      yes     yes     yes           -
add an organisation                 -        -      -        yes     -       yes           -
edit an organisation                -        -      -        yes     -       yes           -
delete an organisation              -        -      -        -       -       yes           -
look at an organisation on a day    -        yes    yes      yes     yes     yes           -
list the reorganisations            -        yes    yes      yes     yes     yes           -
reorganise                          -        -      -        yes     -       yes           -
confirm a reorganisation            -        -      -        yes     -       yes           -
undo a reorganisation               -        -      -        yes     -       yes           -
choose a province                   -        -      -        yes     -       yes           -
bring in a province                 -        -      -        yes     -       yes           -
list the users                      -        -      -        -       -       yes           -
add a user                          -        -      -        -       -       yes           -
edit a user                         -        -      -        -       -       yes           -
edit a group                        -        -      -        -       -       yes           -
upload a picture                    yes      yes    yes      yes     -       yes           -
upload a document                   yes      yes    yes      yes     -       yes           -
edit another's picture              -        yes    yes      -       -       yes           -
delete another's picture            -        yes    yes      -       -       yes           -
edit another's document             -        yes    yes      -       -       yes           -
change the portal's settings        -        -      -        -       -       yes           -
edit the site                       -        -      -        -       -       yes           -
edit the workflow                   -        -      -        -       -       yes           -
edit collections                    -        -      -        -       -       yes           -
add a redirect                      -        -      -        -       -       yes           -
publish own                         -        -      -        -       -       -             -
publish another's                   -        -      yes      -       -       yes           -
publish what they edited last       -        -      -        -       -       -             -
publish what they edit now          -        -      -        -       -       -             -
schedule own                        -        -      -        -       -       -             -
schedule another's                  -        -      yes      -       -       yes           -
schedule what they edited           -        -      -        -       -       -             -
publish own by API                  -        -      -        -       -       -             -
publish another's by API            -        -      yes      -       -       yes           -
publish edited by API               -        -      -        -       -       -             -
publish own in bulk                 -        -      -        -       -       -             -
publish another's in bulk           -        -      yes      -       -       yes           -
publish edited in bulk              -        -      -        -       -       -             -
approve own                         -        -      -        -       -       -             -
approve another's                   -        -      yes      -       -       -             -
approve what they edited            -        -      -        -       -       -             -
approve own by address              -        -      -        -       -       -             -
approve another's by address        -        -      yes      -       -       -             -
approve edited by address           -        -      -        -       -       -             -
approve own in the editor           -        -      -        -       -       -             -
approve another's in editor         -        -      yes      -       -       -             -
approve edited in the editor        -        -      -        -       -       -             -
forward own                         -        yes    yes      -       -       -             -
forward another's                   -        yes    yes      -       -       -             -
forward what they edited            -        yes    yes      -       -       -             -
send back from editing              -        yes    yes      -       -       -             -
send back from approval             -        -      yes      -       -       -             -
publish own urgently                -        -      yes      -       -       -             -
publish edited urgently             -        -      yes      -       -       -             -
review own urgent                   -        -      -        -       -       -             -
review another's urgent             -        -      yes      -       -       -             -
read the urgent publications        -        -      yes      -       -       yes           -
see what waits                      yes      yes    yes      yes     yes     yes           -
read own notices                    yes      yes    yes      yes     yes     yes           -
open an item to review it           -        yes    yes      -       -       yes           -
correct own                         -        -      -        -       -       -             -
correct another's                   -        -      yes      -       -       yes           -
correct what they edited            -        -      -        -       -       -             -
withdraw own                        -        -      yes      -       -       yes           -
withdraw another's                  -        -      yes      -       -       yes           -
withdraw own in bulk                -        -      yes      -       -       yes           -
withdraw another's in bulk          -        -      yes      -       -       yes           -
publish own again                   -        -      -        -       -       -             -
publish another's again             -        -      yes      -       -       yes           -
record a copy of own                yes      yes    yes      -       -       yes           -
record a copy of another's          -        yes    yes      -       -       yes           -
list the recalls                    yes      yes    yes      yes     yes     yes           -
finish own agency's recall          yes      yes    yes      yes     yes     yes           -
finish another's recall             -        yes    yes      -       -       yes           -
list the bundles                    -        yes    yes      -       -       yes           -
look at a bundle                    -        yes    yes      -       -       yes           -
rename a bundle                     -        yes    yes      -       -       yes           -
make a bundle                       -        yes    yes      -       -       yes           -
add an item to a bundle             -        yes    yes      -       -       yes           -
bundle from the editor              -        yes    yes      -       -       yes           -
take a draft out of a bundle        -        yes    yes      -       -       yes           -
take an approved item out           -        -      yes      -       -       yes           -
release a bundle                    -        -      yes      -       -       yes           -
schedule a bundle                   -        -      yes      -       -       yes           -
move a bundle in the calendar       -        -      yes      -       -       yes           -
take a bundle's time away           -        -      yes      -       -       yes           -
cancel a bundle                     -        -      yes      -       -       yes           -
list what is done by hand           -        yes    yes      -       -       yes           -
look at a task by hand              -        yes    yes      -       -       yes           -
confirm own done by hand            -        -      yes      -       -       yes           -
confirm another's by hand           -        -      yes      -       -       yes           -
give up a task by hand              -        -      yes      -       -       yes           -
make a station's address            -        yes    yes      -       -       yes           -
renew a station's address           -        yes    yes      -       -       yes           -
revoke a station's address          -        yes    yes      -       -       yes           -
tell a feed's hubs again            -        -      -        -       -       yes           -
read the schedule                   yes      yes    yes      -       -       yes           -
export the schedule                 yes      yes    yes      -       -       yes           -
read the board of own               yes      yes    yes      -       -       yes           -
read the board of another's         yes      yes    yes      -       -       yes           -
read the board of a live one        yes      yes    yes      yes     yes     yes           -
compose own anew                    yes      yes    yes      -       -       yes           -
compose another's anew              -        yes    yes      -       -       yes           -
keep own variants                   yes      yes    yes      -       -       yes           -
keep another's variants             -        yes    yes      -       -       yes           -
read the inbox                      yes      yes    yes      -       -       yes           -
preview an inbox item               yes      yes    yes      -       -       yes           -
adopt an inbox item                 yes      yes    yes      -       -       yes           -
ignore an inbox item                yes      yes    yes      -       -       yes           -
mute a title                        -        yes    yes      -       -       yes           -
mute a source                       -        yes    yes      -       -       yes           -
list the sources                    yes      yes    yes      -       -       yes           -
look at a source                    yes      yes    yes      -       -       yes           -
add a source                        -        yes    yes      -       -       yes           -
edit a source                       -        yes    yes      -       -       yes           -
switch a source on                  -        yes    yes      -       -       yes           -
delete a source                     -        yes    yes      -       -       yes           -
read who carried us                 yes      yes    yes      -       -       yes           -
export who carried us               yes      yes    yes      -       -       yes           -
confirm a pick-up                   -        yes    yes      -       -       yes           -
list the rehearsals                 -        yes    yes      yes     -       yes           -
look at a rehearsal                 -        yes    yes      yes     -       yes           -
export a rehearsal                  -        yes    yes      yes     -       yes           -
look at a rehearsed message         -        yes    yes      yes     -       yes           -
start a rehearsal                   -        yes    yes      yes     -       yes           -
play a rehearsal again              -        yes    yes      yes     -       yes           -
delete a rehearsal                  -        yes    yes      yes     -       yes           -
look at the calendar                yes      yes    yes      yes     yes     yes           -
see own calendar address            yes      yes    yes      yes     yes     yes           -
renew own calendar address          yes      yes    yes      yes     yes     yes           -
read the system log                 -        -      yes      -       -       yes           -
export the system log               -        -      yes      -       -       yes           -
choose a template                   yes      yes    yes      -       -       yes           -
change a template                   -        yes    yes      -       -       yes           -
write from a template               yes      yes    yes      -       -       yes           -
list the authors                    -        yes    yes      -       -       yes           -
look at an author                   -        yes    yes      -       -       yes           -
edit an author                      -        yes    yes      -       -       yes           -
delete an author                    -        -      -        -       -       yes           -
move own schedule                   -        -      yes      -       -       yes           -
move another's schedule             -        -      yes      -       -       yes           -
see own agency's days               yes      yes    yes      yes     yes     yes           -
see another agency's days           yes      yes    yes      yes     -       yes           -
paste from Word                     yes      yes    yes      yes     yes     yes           -
read the help                       yes      yes    yes      yes     yes     yes           -
see the checks of own               yes      yes    yes      -       -       yes           -
see the checks of another's         -        yes    yes      -       -       yes           -
list the contacts                   yes      yes    yes      yes     yes     yes           -
look at a contact                   yes      yes    yes      yes     yes     yes           -
add a contact                       -        yes    yes      yes     -       yes           -
edit a contact                      -        yes    yes      yes     -       yes           -
delete a contact                    -        -      -        -       -       yes           -
replace own picture everywhere      -        yes    yes      -       -       yes           -
replace another's picture everywhere-        yes    yes      -       -       yes           -
read the statistics                 -        yes    yes      yes     -       yes           -
export the statistics               -        yes    yes      yes     -       yes           -
list the royalty sheets             -        yes    yes      -       -       yes           -
look at a royalty sheet             -        yes    yes      -       -       yes           -
export a royalty sheet              -        yes    yes      -       -       yes           -
mark royalties                      -        yes    yes      -       -       -             -
add a royalty line                  -        yes    yes      -       -       -             -
take a royalty line off             -        yes    yes      -       -       -             -
submit a royalty sheet              -        yes    yes      -       -       -             -
send a royalty sheet back           -        -      yes      -       -       -             -
approve own royalty sheet           -        -      -        -       -       -             -
approve another's royalty sheet     -        -      yes      -       -       -             -
note royalties as paid              -        -      yes      -       -       -             -
correct an approved royalty         -        -      yes      -       -       -             -
read own royalties                  yes      yes    yes      yes     yes     yes           -
add a unit value                    -        -      -        -       -       yes           -
change a royalty scheme             -        -      -        -       -       yes           -
open scoring                        -        -      -        yes     yes     yes           -
look at a criterion set             -        -      -        yes     yes     yes           -
export a criterion set              -        -      -        yes     yes     yes           -
compare agencies                    -        -      -        yes     -       yes           -
export the comparison               -        -      -        yes     -       yes           -
add a criterion set                 -        -      -        yes     -       yes           -
import a criterion set              -        -      -        yes     -       yes           -
edit a criterion set                -        -      -        yes     -       yes           -
delete a criterion set              -        -      -        yes     -       yes           -
open a criterion set                -        -      -        yes     -       yes           -
add a criterion                     -        -      -        yes     -       yes           -
open the editor of a criterion      -        -      -        yes     -       yes           -
edit a criterion                    -        -      -        yes     -       yes           -
delete a criterion                  -        -      -        yes     -       yes           -
begin own agency's scores           -        -      -        yes     yes     yes           -
begin a strange agency's scores     -        -      -        yes     -       yes           -
look at own agency's scores         -        -      -        yes     yes     yes           -
look at a strange agency's scores   -        -      -        yes     -       yes           -
look at a strange agency's answer   -        -      -        yes     -       yes           -
score own agency                    -        -      -        yes     yes     yes           -
score a strange agency              -        -      -        -       -       -             -
prove own agency's score            -        -      -        yes     yes     yes           -
take own agency's proof away        -        -      -        yes     yes     yes           -
submit own agency's scores          -        -      -        yes     yes     yes           -
submit a strange agency's scores    -        -      -        -       -       -             -
send an agency's scores back        -        -      -        yes     -       yes           -
verify a score                      -        -      -        yes     -       yes           -
close a verification                -        -      -        yes     -       yes           -
verify what they submitted          -        -      -        -       -       -             -
open the reports                    -        -      -        yes     yes     yes           -
look at own report                  -        -      -        yes     yes     yes           -
look at a strange report            -        -      -        yes     -       yes           -
follow a figure of a strange report -        -      -        yes     -       yes           -
download own report                 -        -      -        yes     yes     yes           -
download a strange report           -        -      -        yes     -       yes           -
look at the table of reports        -        -      -        yes     -       yes           -
export the table of reports         -        -      -        yes     -       yes           -
open a new period                   -        -      -        yes     -       yes           -
open the editor of a period         -        -      -        yes     -       yes           -
make a year's periods               -        -      -        yes     -       yes           -
delete a period                     -        -      -        yes     -       yes           -
begin own report                    -        -      -        yes     yes     yes           -
begin a strange report              -        -      -        -       -       -             -
write own report                    -        -      -        yes     yes     yes           -
write a strange report              -        -      -        -       -       -             -
submit own report                   -        -      -        yes     yes     yes           -
submit a strange report             -        -      -        -       -       -             -
return a report                     -        -      -        yes     -       yes           -
accept a report                     -        -      -        yes     -       yes           -
accept a report they submitted      -        -      -        -       -       -             -
make the province's report          -        -      -        yes     -       yes           -
gather the agencies' texts          -        -      -        yes     -       yes           -
open the agencies' plans            -        -      -        yes     yes     yes           -
look at own agency's plan           -        -      -        yes     yes     yes           -
look at a strange agency's plan     -        -      -        yes     -       yes           -
look at who has a plan              -        -      -        yes     -       yes           -
derive own agency's plan            -        -      -        yes     yes     yes           -
derive a strange agency's plan      -        -      -        -       -       -             -
open the editor of own agency's plan-        -      -        yes     yes     yes           -
lengthen own agency's plan          -        -      -        yes     yes     yes           -
lengthen a strange agency's plan    -        -      -        -       -       -             -
adapt a line of own agency's plan   -        -      -        yes     yes     yes           -
take a line out of own agency's plan-        -      -        yes     yes     yes           -
throw own agency's draft away       -        -      -        yes     yes     yes           -
submit own agency's plan            -        -      -        yes     yes     yes           -
submit a strange agency's plan      -        -      -        -       -       -             -
return an agency's plan             -        -      -        yes     -       yes           -
accept an agency's plan             -        -      -        yes     -       yes           -
list the events                     yes      yes    yes      yes     yes     yes           -
look at an event                    yes      yes    yes      yes     yes     yes           -
choose an event                     yes      yes    yes      yes     yes     yes           -
take an event's papers away         -        -      -        yes     -       yes           -
take a hosted event's papers        -        -      -        yes     yes     yes           -
open the guests of an event         -        -      -        yes     yes     yes           -
open the door of an event           -        -      -        yes     yes     yes           -
add an event                        -        -      -        yes     -       yes           -
edit an event                       -        -      -        yes     -       yes           -
delete an event                     -        -      -        yes     -       yes           -
record an event as held             -        -      -        yes     -       yes           -
put an event off                    -        -      -        yes     -       yes           -
call an event off                   -        -      -        yes     -       yes           -
take an event up again              -        -      -        yes     -       yes           -
reopen an event                     -        -      -        yes     -       yes           -
write an event's conclusions        -        -      -        yes     -       yes           -
write for an event                  yes      yes    yes      -       -       yes           -
write a strange agency's agenda     -        -      -        yes     -       yes           -
write own agency's agenda           -        -      -        yes     yes     yes           -
add connected sites                 -        -      -        yes     -       yes           -
fill in own agency's site           -        -      -        yes     yes     yes           -
fill in a strange agency's site     -        -      -        yes     -       yes           -
remove own agency's site            -        -      -        yes     -       yes           -
tick own agency's guest             -        -      -        yes     yes     yes           -
tick a strange agency's guest       -        -      -        yes     -       yes           -
add own agency's guest              -        -      -        yes     yes     yes           -
add a strange agency's guest        -        -      -        yes     -       yes           -
edit own agency's guest             -        -      -        yes     yes     yes           -
edit a strange agency's guest       -        -      -        yes     -       yes           -
remove a strange agency's guest     -        -      -        yes     -       yes           -
import guests                       -        -      -        yes     -       yes           -
add a paper or a task               -        -      -        yes     -       yes           -
edit a paper or a task              -        -      -        yes     -       yes           -
remove a paper or a task            -        -      -        yes     -       yes           -
hand in own agency's paper          -        -      -        yes     yes     yes           -
hand in a strange agency's paper    -        -      -        yes     -       yes           -
accept a paper                      -        -      -        yes     -       yes           -
finish own agency's task            -        -      -        yes     yes     yes           -
finish a strange agency's task      -        -      -        yes     -       yes           -
look at a review                    yes      yes    yes      yes     yes     yes           -
look at own agency's review         -        -      -        yes     yes     yes           -
look at a strange agency's review   -        -      -        yes     -       yes           -
export a review                     -        -      -        yes     -       yes           -
add a review                        -        -      -        yes     -       yes           -
edit a review                       -        -      -        yes     -       yes           -
delete a review                     -        -      -        yes     -       yes           -
ask agencies for reviews            -        -      -        yes     -       yes           -
ask an agency no longer             -        -      -        yes     -       yes           -
submit own agency's review          -        -      -        yes     yes     yes           -
submit a strange agency's review    -        -      -        -       -       -             -
accept an agency's review           -        -      -        yes     -       yes           -
return an agency's review           -        -      -        yes     -       yes           -
add a stage or a product            -        -      -        yes     -       yes           -
finish a stage                      -        -      -        yes     -       yes           -
hand in own agency's draft          -        -      -        yes     yes     yes           -
hand in a strange agency's draft    -        -      -        yes     -       yes           -
nominate for own agency             -        -      -        yes     yes     yes           -
nominate for a strange agency       -        -      -        yes     -       yes           -
withdraw own nomination             -        -      -        yes     yes     yes           -
withdraw a strange nomination       -        -      -        yes     -       yes           -
decide on a nomination              -        -      -        yes     -       yes           -
"""
HEAD, *ROWS = MATRIX.strip().splitlines()
ROLES = HEAD.split()[1:]
WIDTH = HEAD.index("reporter")


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[tuple[str, User, str]]]:
    """One of each role, signed in: made once for the table, what a verb does is undone after it.

    Everybody is of the agency "own".
    """
    with django_db_blocker.unblock(), transaction.atomic():
        factories.tree.section(factories.site_tree(), "Thủ tục hành chính")
        factories.first_section()
        own = Organisation.objects.create(code="own", name="Xã Một", level="commune")
        Organisation.objects.create(code="other", name="Xã Hai", level="commune")
        signed_in = []
        for role in ROLES[:-1]:
            user, browser = people.make(role), Client()
            user.organisations.add(own)
            browser.force_login(user)
            signed_in.append((role, user, browser.cookies["sessionid"].value))
        User.objects.create_user("nguoi-khac")
        yield signed_in
        transaction.set_rollback(True)


@pytest.fixture
def agency() -> str:
    """The agency of the person who wrote what is not one's own: "own", or the "other" one."""
    return "own"


@pytest.fixture
def actors(cast: list[tuple[str, User, str]], room: Channel, agency: str) -> list[Actor]:
    """Those of the table, in its order, and a channel that takes everything."""
    bystander = User.objects.get(username="nguoi-khac")
    bystander.organisations.set([Organisation.objects.get(code=agency)])
    found = []
    for role, user, session in cast:
        browser = Client()
        browser.cookies["sessionid"] = session
        found.append(Actor(role, user, browser, bystander))
    return [*found, Actor(ROLES[-1], None, Client(), bystander)]


def cells() -> Iterator[Any]:
    """Give each row, and those about what another wrote twice: for a colleague and a stranger.

    The newsroom works for the whole province, so the same answers are expected of both. What is
    the business of one agency only has rows of its own.
    """
    for row in ROWS:
        name = row[:WIDTH].strip()
        for agency in ("own", "other") if "another's" in name else ("own",):
            yield pytest.param(row, agency, id=f"{name}-{agency}".replace(" ", "-"))


@pytest.mark.parametrize(("row", "agency"), list(cells()))
def test_each_role_may_do_what_the_table_says(row: str, actors: list[Actor]) -> None:
    name, expected = row[:WIDTH].strip(), row[WIDTH:].split()
    found = ["yes" if may(VERBS[name](actor)) else "-" for actor in actors]
    assert dict(zip(ROLES, found, strict=True)) == dict(zip(ROLES, expected, strict=True))


def test_the_table_names_every_verb_once() -> None:
    names = [row[:WIDTH].strip() for row in ROWS]
    assert sorted(names) == sorted(VERBS)


def test_the_admin_api_shows_drafts_to_those_who_write_only(actors: list[Actor]) -> None:
    page = factories.article(title="Chưa ai được biết")
    for actor in actors:
        answer = actor.get("wagtailadmin_api:pages:detail", page.pk)
        told = answer.status_code == 200 and answer.json()["title"] == page.title
        assert told == (actor.role in {"reporter", "editor", "approver", "administrator"})
