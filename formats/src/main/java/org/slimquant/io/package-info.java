/** Files and text that several modules write: not for applications. */
@NullMarked
package org.slimquant.io;

import org.jspecify.annotations.NullMarked;
