package org.slimquant.demo.measures;

/**
 * A rule, and the result of its check.
 *
 * @param rule the rule
 * @param verdict whether it holds
 * @param fact the observed fact
 */
public record Check(String rule, Verdict verdict, String fact) {

  /** The result of trying a rule. */
  public enum Verdict {
    /** The rule holds. */
    OK("ok"),
    /** The rule does not hold. */
    FAILED("FAILED"),
    /** The rule was not checked, because something was missing. */
    SKIPPED("skipped");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }
  }

  /** Returns a check whose rule holds or does not hold. */
  public static Check of(String rule, boolean holds, String fact) {
    return holds ? passed(rule, fact) : failed(rule, fact);
  }

  /** Returns a check whose rule holds. */
  public static Check passed(String rule, String fact) {
    return new Check(rule, Verdict.OK, fact);
  }

  /** Returns a check whose rule does not hold. */
  public static Check failed(String rule, String fact) {
    return new Check(rule, Verdict.FAILED, fact);
  }

  /** Returns a check that was not made; the fact names the missing thing. */
  public static Check skipped(String rule, String fact) {
    return new Check(rule, Verdict.SKIPPED, fact);
  }

  /** Returns whether the rule was checked and holds. */
  public boolean holds() {
    return verdict == Verdict.OK;
  }

  /** Returns whether the rule was checked and does not hold. */
  public boolean fails() {
    return verdict == Verdict.FAILED;
  }

  /** Returns the check as a line. */
  @Override
  public String toString() {
    return "%-7s %s: %s".formatted(verdict.text, rule, fact);
  }
}
