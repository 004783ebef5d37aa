package org.slimquant.demo.data;

import java.io.IOException;

/** Says which file of a data set is missing or damaged, how, and what to do. */
public final class DamagedFileException extends IOException {

  private static final long serialVersionUID = 1;

  DamagedFileException(String message) {
    super(message);
  }

  DamagedFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
