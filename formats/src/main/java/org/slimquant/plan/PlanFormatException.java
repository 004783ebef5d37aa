package org.slimquant.plan;

import java.io.IOException;

/**
 * Says that a file is not a plan that this version can read completely; names the file, the line
 * where there is one, and the site.
 */
public final class PlanFormatException extends IOException {

  private static final long serialVersionUID = 1;

  PlanFormatException(String message) {
    super(message);
  }
}
