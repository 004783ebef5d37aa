package models;

/** Classes of the model's package, called like types that the generated class refers to. */
class Siblings {}

class Calibrated {}

class Comparable {}

class Deprecated {}

class Exception {}

class FixedPoint {}

class Generated {}

class GraphQuantizer {}

class Iterable {}

class Map {}

class Ops {}

class Override {}

class PerChannel {}

class QuantizedInput {}

class QuantizedLayer {}

class String {}

class SuppressWarnings {}

class TFloat32 {}

class Thread {}
