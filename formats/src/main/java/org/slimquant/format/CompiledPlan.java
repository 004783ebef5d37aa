package org.slimquant.format;

/**
 * The plan whose formats the compiler wrote into a generated class. Generated code makes it.
 *
 * @param file the name of the plan's file
 * @param fingerprint the plan's fingerprint when the class was compiled
 */
public record CompiledPlan(String file, String fingerprint) {

  /**
   * Returns the signed format that the plan has, where the annotation asks for a signed one.
   *
   * @throws IllegalArgumentException if {@code bits} or {@code frac} is out of range
   */
  public Planned signed(int bits, int frac) {
    return new Planned(FixedPoint.signed(bits, frac), Calibrated.signed(bits), this);
  }

  /**
   * Returns the unsigned format that the plan has, where the annotation asks for an unsigned one.
   *
   * @throws IllegalArgumentException if {@code bits} or {@code frac} is out of range
   */
  public Planned unsigned(int bits, int frac) {
    return new Planned(FixedPoint.unsigned(bits, frac), Calibrated.unsigned(bits), this);
  }

  /**
   * Returns the format that the plan has, whose sign calibration found to be signed.
   *
   * @throws IllegalArgumentException if {@code bits} or {@code frac} is out of range
   */
  public Planned foundSigned(int bits, int frac) {
    return new Planned(FixedPoint.signed(bits, frac), Calibrated.of(bits), this);
  }

  /**
   * Returns the format that the plan has, whose sign calibration found to be unsigned.
   *
   * @throws IllegalArgumentException if {@code bits} or {@code frac} is out of range
   */
  public Planned foundUnsigned(int bits, int frac) {
    return new Planned(FixedPoint.unsigned(bits, frac), Calibrated.of(bits), this);
  }

  /**
   * Returns the format of a kernel's channels that the plan has.
   *
   * @throws IllegalArgumentException if {@code bits} or an exponent is out of range
   */
  public Planned perChannel(int bits, int... fracs) {
    return new Planned(PerChannel.of(bits, fracs), Calibrated.perChannel(bits), this);
  }
}
