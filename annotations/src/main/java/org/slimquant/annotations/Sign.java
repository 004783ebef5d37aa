package org.slimquant.annotations;

/** The sign of the codes of an output or an input. */
public enum Sign {

  /**
   * Calibration chooses the sign together with the frac: codes are {@link #UNSIGNED} if the tensor
   * had numbers above 0 and none below, as the output of a ReLU has, otherwise {@link #SIGNED}. A
   * frac that the annotation gives goes with signed codes.
   */
  CALIBRATED,

  /** Codes are symmetric about 0: -127 to 127 with 8 bits. */
  SIGNED,

  /** Codes start at 0: 0 to 255 with 8 bits. Negative numbers become 0. */
  UNSIGNED
}
