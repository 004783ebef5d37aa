package org.slimquant.format;

/**
 * The request for a format whose exponents calibration finds.
 *
 * @param bits the width of a code, 2 to 16
 * @param signed whether codes are symmetric about 0 or start at 0
 * @param perChannel whether each channel of a kernel has an exponent of its own
 */
public record Calibrated(int bits, boolean signed, boolean perChannel) implements FormatRequest {

  /** Creates a request. */
  public Calibrated {
    FixedPoint.requireBits(bits);
  }

  /** Returns the request for a signed format with one exponent. */
  public static Calibrated signed(int bits) {
    return new Calibrated(bits, true, false);
  }

  /** Returns the request for an unsigned format with one exponent. */
  public static Calibrated unsigned(int bits) {
    return new Calibrated(bits, false, false);
  }

  /** Returns the request for a signed format with an exponent for each channel. */
  public static Calibrated perChannel(int bits) {
    return new Calibrated(bits, true, true);
  }

  /** Returns the request as messages show it, {@code calibrated int8 per channel} for example. */
  @Override
  public String toString() {
    return "calibrated %sint%d%s"
        .formatted(signed ? "" : "u", bits, perChannel ? " per channel" : "");
  }
}
