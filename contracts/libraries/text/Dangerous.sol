// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Memory} from "../Memory.sol";

/// @title The well-known functions that move or give away what an account owns, as docs/device-text.md lists them: no other name may have one of their selectors.
library Dangerous {
    /// @notice Whether a hash of a signature is one of them, and whether it only has the selector of one.
    /// @dev A bit for each first byte that one of them has tells most other functions at once.
    function known(uint256 hash) internal pure returns (bool found, bool lies) {
        unchecked {
            if ((FIRST_BYTES >> (hash >> 248)) & 1 == 0) return (false, false);
            uint256 start = hash >> 128;
            bytes memory table = TABLE;
            uint256 p = Memory.positionOf(table);
            for (uint256 end = p + table.length; p != end; p += 16) {
                uint256 wanted = Memory.word(p) >> 128;
                if (wanted >> 96 == start >> 96) return (wanted == start, wanted != start);
            }
            return (false, false);
        }
    }

    uint256 private constant FIRST_BYTES = 0x4000001200402014012040820808000000000100080050252c00800040200;

    /// @dev The first 16 bytes of each hash, the most used first.
    bytes private constant TABLE =
        // transfer(address,uint256)
        hex"a9059cbb2ab09eb219583f4a59a5d062"
        // transferFrom(address,address,uint256)
        hex"23b872dd7302113369cda29012434294"
        // approve(address,uint256)
        hex"095ea7b334ae44009aa867bfb386f5c3"
        // increaseAllowance(address,uint256)
        hex"39509351d3325647dde3fdd3c8b249ad"
        // permit(address,address,uint256,uint256,uint8,bytes32,bytes32)
        hex"d505accfee7b46ac3ce97322c21f328b"
        // permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)
        hex"8fcbaf0c4bd00d696b151e364fe3eb82"
        // safeTransferFrom(address,address,uint256)
        hex"42842e0eb38857a7775b4e7364b2775d"
        // safeTransferFrom(address,address,uint256,bytes)
        hex"b88d4fde60196325a28bb7f99a2582e0"
        // safeTransferFrom(address,address,uint256,uint256,bytes)
        hex"f242432a01954b0e0efb67e72c9b3b8e"
        // safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)
        hex"2eb2c2d667cf048e1ec82a4537b123e4"
        // setApprovalForAll(address,bool)
        hex"a22cb4651ab9570f89bb516380c40ce7"
        // send(address,uint256,bytes)
        hex"9bd9bbc68c9d2d57236e56ab2cc196bd"
        // authorizeOperator(address)
        hex"959b8c3fa5f1ac78a7061180563d6709"
        // transferAndCall(address,uint256)
        hex"1296ee6229cbd38b2b6a4120f066d2a0"
        // transferAndCall(address,uint256,bytes)
        hex"4000aea038e4acde4ff65b413088ec65"
        // approveAndCall(address,uint256)
        hex"3177029fdd2b36d90f4971843fd2ce05"
        // approveAndCall(address,uint256,bytes)
        hex"cae9ca5133009d821214ac8231b3d170"
        // transferFromAndCall(address,address,uint256)
        hex"d8fbe9943963369a6ec55b024b56e856"
        // transferFromAndCall(address,address,uint256,bytes)
        hex"c1d34b893a35286aae2bf0e96b3c6bf8"
        // approve(address,address,uint160,uint48)
        hex"87517c45cbdab9849fa9eca09bd70ab7"
        // transferFrom(address,address,uint160,address)
        hex"36c7851638b88ae7ab64ce96b1bca379"
        // delegate(address)
        hex"5c19a95c96fe5699f69181241d04ecef"
        // transferOwnership(address)
        hex"f2fde38b092330466c661fc723d5289b"
        // grantRole(bytes32,address)
        hex"2f2ff15deca029b64bbc0874ae59c8f3"
        // upgradeTo(address)
        hex"3659cfe672549963da205df855ebfb86"
        // upgradeToAndCall(address,bytes)
        hex"4f1ef2866b98625bdfefae89411f7a82"
        // changeAdmin(address)
        hex"8f283970d77a4ed91db7de292ab9ce3b"
        // execute(address,uint256,bytes)
        hex"b61d27f68746b0955d4867ce6e77d35c"
        // executeBatch((address,uint256,bytes)[])
        hex"34fcd5beba3df62dd76f7b1031d3410e"
        // multicall(bytes[])
        hex"ac9650d882acfa253cba1ed543b9ff47";
}
