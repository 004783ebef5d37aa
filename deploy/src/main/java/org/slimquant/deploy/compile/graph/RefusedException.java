package org.slimquant.deploy.compile.graph;

/**
 * Thrown when an op is refused, so that the rest of the op is skipped. It is caught where the next
 * op begins.
 */
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Refused refused;

  /** Creates the exception for an op, with a reason and a remedy. */
  public RefusedException(Node node, String reason, String remedy) {
    super(reason);
    this.refused = new Refused(node, reason, remedy);
  }

  /** Returns the op that is refused. */
  public Refused refused() {
    return refused;
  }
}
