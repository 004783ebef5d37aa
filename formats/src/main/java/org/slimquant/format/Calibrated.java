package org.slimquant.format;

import java.util.Optional;

/**
 * The request for a format whose exponents, and whose sign if no one is given, calibration finds.
 *
 * @param bits the width of a code, 2 to 16
 * @param sign the sign, or the request to find it
 * @param perChannel whether each channel of a kernel has an exponent of its own
 */
public record Calibrated(int bits, SignRequest sign, boolean perChannel) implements FormatRequest {

  /**
   * Creates a request.
   *
   * @throws IllegalArgumentException if {@code bits} is out of range, or a kernel with channels is
   *     not signed
   */
  public Calibrated {
    FixedPoint.requireBits(bits);
    if (perChannel && sign != SignRequest.SIGNED) {
      throw new IllegalArgumentException("a kernel with channels must be signed, but is not");
    }
  }

  /** Returns the request for a format with one exponent and a sign that calibration finds. */
  public static Calibrated of(int bits) {
    return new Calibrated(bits, SignRequest.CALIBRATED, false);
  }

  /** Returns the request for a signed format with one exponent. */
  public static Calibrated signed(int bits) {
    return new Calibrated(bits, SignRequest.SIGNED, false);
  }

  /** Returns the request for an unsigned format with one exponent. */
  public static Calibrated unsigned(int bits) {
    return new Calibrated(bits, SignRequest.UNSIGNED, false);
  }

  /** Returns the request for a signed format with an exponent for each channel. */
  public static Calibrated perChannel(int bits) {
    return new Calibrated(bits, SignRequest.SIGNED, true);
  }

  /** Returns whether {@code format} is one that calibration may find for this request. */
  public boolean allows(Format format) {
    return format.bits() == bits
        && sign.allows(format.signed())
        && format instanceof PerChannel == perChannel;
  }

  /** Returns the request that satisfies this and another one, if there is one. */
  public Optional<Calibrated> and(Calibrated other) {
    return bits == other.bits && perChannel == other.perChannel
        ? sign.and(other.sign).map(both -> new Calibrated(bits, both, perChannel))
        : Optional.empty();
  }

  /**
   * Returns the formats that satisfy the request as messages show them: {@code int8 per channel},
   * or {@code int8 or uint8 with one exponent}.
   */
  public String formats() {
    return sign.codes(bits) + (perChannel ? " per channel" : " with one exponent");
  }

  /** Returns the request as messages show it, {@code calibrated int8 per channel} for example. */
  @Override
  public String toString() {
    return "calibrated %s%s".formatted(sign.codes(bits), perChannel ? " per channel" : "");
  }
}
