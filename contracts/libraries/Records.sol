// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calldata} from "./Calldata.sol";

/// @title The records of a multisend: operation1 ‖ target20 ‖ value32 ‖ length32 ‖ data, one behind the other.
library Records {
    uint256 internal constant TARGET = 1;
    uint256 internal constant VALUE = 21;
    uint256 internal constant LENGTH = 53;
    uint256 internal constant DATA = 85;

    /// @notice How many records the `size` bytes at `at` are; `flaws` is 0 where they are filled exactly and each record is a call.
    function count(uint256 at, uint256 size) internal pure returns (uint256 number, uint256 flaws) {
        unchecked {
            for (; size != 0; ++number) {
                if (size < DATA || Calldata.word(at) >> 248 != 0) return (0, 1);
                uint256 length = Calldata.word(at + LENGTH);
                size -= DATA;
                if (length > size) return (0, 1);
                size -= length;
                at += DATA + length;
            }
        }
    }
}
