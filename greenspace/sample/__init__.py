"""Sample: a made-up city, so that everything can be tried before one's own data are ready.

Question   What does a city's input look like, and which figures must come out of it?
Enters     A seed.
Leaves     Layers, images, a manifest and the truth, in memory or as a folder.
Elsewhere  Reading them: read/. The command: cli.
"""

from greenspace.sample.city import SampleCity, make_city
from greenspace.sample.image import SampleImage
from greenspace.sample.write import write_sample

__all__ = ["SampleCity", "SampleImage", "make_city", "write_sample"]
