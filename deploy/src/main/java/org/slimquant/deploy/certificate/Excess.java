package org.slimquant.deploy.certificate;

/**
 * A rule that does not hold, and the amount by which it is broken.
 *
 * @param rule the rule
 * @param actual the number that should be at most {@code rule.limit()}
 */
public record Excess(Rule rule, long actual) {

  /**
   * Creates an excess.
   *
   * @throws IllegalArgumentException if the rule holds
   */
  public Excess {
    if (actual <= rule.limit()) {
      throw new IllegalArgumentException(
          "an excess must be beyond the limit %d of %s, but is %d"
              .formatted(rule.limit(), rule, actual));
    }
  }

  /** Returns by how much the limit is exceeded. */
  public long by() {
    return actual - rule.limit();
  }

  /** Returns the rule, and the number that breaks it. */
  @Override
  public String toString() {
    return "%s, beyond by %d".formatted(rule.broken(actual), by());
  }
}
