@NullMarked
package org.slimquant.model.analysis;

import org.jspecify.annotations.NullMarked;
