package org.slimquant.demo.data;

import java.io.IOException;

/**
 * Thrown if a file of a data set is missing or damaged. The message names the file, the damage and
 * the remedy.
 */
public final class DamagedFileException extends IOException {

  private static final long serialVersionUID = 1;

  DamagedFileException(String message) {
    super(message);
  }

  DamagedFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
