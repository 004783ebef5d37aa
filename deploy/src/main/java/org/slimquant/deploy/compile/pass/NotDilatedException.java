package org.slimquant.deploy.compile.pass;

/**
 * Thrown if the ops between a SpaceToBatchND and a BatchToSpaceND are not a dilated convolution.
 */
final class NotDilatedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String reason;
  private final String remedy;

  NotDilatedException(String reason, String remedy) {
    super(reason);
    this.reason = reason;
    this.remedy = remedy;
  }

  /** Returns the reason. */
  String reason() {
    return reason;
  }

  /** Returns the remedy. */
  String remedy() {
    return remedy;
  }
}
