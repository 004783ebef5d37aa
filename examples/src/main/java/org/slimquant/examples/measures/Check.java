package org.slimquant.examples.measures;

/**
 * A rule that was tried.
 *
 * @param rule what must hold
 * @param holds whether it does
 * @param fact what was found
 */
public record Check(String rule, boolean holds, String fact) {

  /** Returns a check whose rule holds. */
  public static Check passed(String rule, String fact) {
    return new Check(rule, true, fact);
  }

  /** Returns a check whose rule does not hold. */
  public static Check failed(String rule, String fact) {
    return new Check(rule, false, fact);
  }

  /** Returns the check as a line. */
  @Override
  public String toString() {
    return "%s  %s: %s".formatted(holds ? "ok    " : "FAILED", rule, fact);
  }
}
