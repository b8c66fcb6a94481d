// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";
import {IWritModule} from "../interfaces/IWritModule.sol";

/// @title The account's calldata: `execute` or `executeBatch`, perhaps behind the selector of `executeUserOp`.
library OuterCall {
    uint256 private constant EXECUTE = 0xb61d27f6;
    uint256 private constant EXECUTE_BATCH = 0x34fcd5be;
    uint256 private constant EXECUTE_USER_OP = 0x8dd7712f;

    /**
     * @notice Opens the calldata that begins at `p`.
     * @return count How many calls there are.
     * @return heads Where their offsets stand; 0 for `execute`, which has none.
     * @return next Where the first call must begin.
     */
    function open(uint256 p) internal pure returns (uint256 count, uint256 heads, uint256 next) {
        unchecked {
            uint256 selector = Calldata.word(p) >> 224;
            if (selector == EXECUTE_USER_OP) {
                p += 4;
                selector = Calldata.word(p) >> 224;
            }
            p += 4;
            if (selector == EXECUTE) return (1, 0, p);
            count = Calldata.word(p + 32);
            // Calls begin behind their offsets, so with 2^32 of them or more the first would lie outside; for 0 this wraps.
            if (selector != EXECUTE_BATCH || Calldata.word(p) != 32 || (count - 1) >> 32 != 0)
                revert IWritModule.MalformedOperation();
            heads = p + 64;
            next = heads + 32 * count;
        }
    }

    /// @notice Reads `(address target, uint256 value, bytes data)` at `p`, canonical and within `end`, and where it ends.
    function call(
        uint256 p,
        uint256 end
    ) internal pure returns (uint256 target, uint256 value, uint256 data, uint256 size, uint256 next) {
        unchecked {
            target = Calldata.word(p);
            value = Calldata.word(p + 32);
            next = Calldata.bytesEnd(p + 96, end);
            if (target >> 160 != 0 || Calldata.word(p + 64) != 96 || next == 0)
                revert IWritModule.MalformedOperation();
            data = p + 128;
            size = Calldata.word(p + 96);
        }
    }
}
