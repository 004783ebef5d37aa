package org.slimquant.format;

/** The request of an annotation: a format, or one that calibration finds or found. */
public sealed interface FormatRequest permits FixedPoint, PerChannel, Calibrated, Planned {

  /** Returns the width of a code in bits. */
  int bits();

  /** Returns whether codes are symmetric about 0 or start at 0. */
  boolean signed();

  /** Returns whether each output channel of a kernel has an exponent of its own. */
  boolean perChannel();
}
