@NullMarked
package org.slimquant.deploy.report;

import org.jspecify.annotations.NullMarked;
