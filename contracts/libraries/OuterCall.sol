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
     * @return heads Where their offsets stand.
     * @return batch 1 for `executeBatch`; 0 for `execute`, whose call has no offset.
     * @return next Where the first call must begin.
     */
    function open(uint256 p) internal pure returns (uint256 count, uint256 heads, uint256 batch, uint256 next) {
        unchecked {
            uint256 selector = Calldata.word(p) >> 224;
            if (selector == EXECUTE_USER_OP) {
                p += 4;
                selector = Calldata.word(p) >> 224;
            }
            p += 4;
            count = 1;
            next = p;
            if (selector != EXECUTE) {
                count = Calldata.word(p + 32);
                // Calls begin behind their offsets, so with 2^32 of them or more the first would lie outside; for 0 this wraps.
                if (selector != EXECUTE_BATCH || Calldata.word(p) != 32 || (count - 1) >> 32 != 0)
                    revert IWritModule.MalformedOperation();
                batch = 1;
                heads = p + 64;
                next = heads + 32 * count;
            }
        }
    }

    /// @notice Reads `(address target, uint256 value, bytes data)` at `p`, canonical and within `end`, and where it ends.
    /// @dev The data is the `size` bytes at p + 128. `flaws` is not 0 where it is known already that something is wrong.
    function read(
        uint256 p,
        uint256 end,
        uint256 flaws
    ) internal pure returns (uint256 target, uint256 value, uint256 size, uint256 next) {
        unchecked {
            uint256 more;
            (next, more) = Calldata.bytesEnd(p + 96, end);
            target = Calldata.word(p);
            if (flaws | more | (target >> 160) | (Calldata.word(p + 64) ^ 96) != 0)
                revert IWritModule.MalformedOperation();
            value = Calldata.word(p + 32);
            size = Calldata.word(p + 96);
        }
    }
}
