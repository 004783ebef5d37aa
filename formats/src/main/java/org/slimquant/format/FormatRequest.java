package org.slimquant.format;

/** The request of an annotation: a format, or one that calibration finds or found. */
public sealed interface FormatRequest permits FixedPoint, PerChannel, Calibrated, Planned {

  /** Returns the width of a code in bits. */
  int bits();

  /** Returns whether each output channel of a kernel has an exponent of its own. */
  boolean perChannel();
}
