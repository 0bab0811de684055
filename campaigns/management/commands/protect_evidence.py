from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand
from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.evidence.models import Evidence
from campaigns.scoring.models import Proof
from core.storage import is_private
from media.models import Attachment, Picture


class Command(BaseCommand):
    help = (
        "Moves files of evidence that still lie among the public uploads to where only those who "
        "may see the slot read them. Safe to repeat."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        used = Q(pk__in=Evidence.objects.filter(kind="file").values("document"))
        proofs = Q(pk__in=Proof.objects.values("document"))
        documents = Attachment.objects.filter(used | proofs)
        pictures = Picture.objects.filter(
            pk__in=Evidence.objects.filter(kind="photo").values("picture")
        )
        moved = sum(self.move(one) for some in (documents, pictures) for one in some.order_by("pk"))
        self.stdout.write(_("Files moved: %(n)d.") % {"n": moved})

    def move(self, held: Attachment | Picture) -> bool:
        """Copy the file into privacy, note its name, then take the public copies away."""
        old, storage = str(held.file.name), held.file.storage
        if is_private(old):
            return False
        held.is_kept_private = True
        try:
            with storage.open(old) as source:
                name = held._meta.get_field("file").generate_filename(held, old.rpartition("/")[2])
                saved = storage.save(name, File(source))
        except OSError as error:
            self.stderr.write(f"{old}: {error}")
            return False
        type(held)._default_manager.filter(pk=held.pk).update(file=saved)
        if isinstance(held, Picture):
            for smaller in held.renditions.all():
                smaller.file.delete(save=False)
                smaller.delete()
        storage.delete(old)
        return True
